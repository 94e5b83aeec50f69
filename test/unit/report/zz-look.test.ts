import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { renderHtml } from '../../../src/report/html.js';
import { anIncidentRecord, anOpenRecord, aTimeline, anEntry, at, HOSTILE } from '../../fixtures/record.js';
it('renders', () => {
  writeFileSync('/tmp/rep/closed.html', renderHtml(anIncidentRecord(), aTimeline()));
  writeFileSync('/tmp/rep/open.html', renderHtml(anOpenRecord(), aTimeline()));
  const many = Array.from({ length: 5000 }, (_, n) => anEntry({ at: new Date(Date.parse(at('09:40:00')) + n * 600 + (n > 3000 ? 3_600_000 : 0)).toISOString(), outcome: n % 3 === 0 ? 'AccessDenied' : 'ok', lane: n % 50 === 0 ? 'responder' : 'attacker', api: n % 7 === 0 ? 'iam:CreateUser' : 'iam:ListUsers', userAgent: HOSTILE[n % HOSTILE.length] ?? '' }));
  const deep = Array.from({ length: 400 }, (_, n) => ({ id: `ASIAJUGGLE${String(n).padStart(8, '0')}`, kind: 'role-session', principal: 'arn:aws:iam::111122223333:role/a', parent: n === 0 ? null : `ASIAJUGGLE${String(n - 1 - (n % 3)).padStart(8, '0')}`, provedBy: n === 0 ? null : 'x', strength: 'exact', used: true, alive: n > 380 }));
  const hostile = HOSTILE.map((h, n) => ({ at: at('10:00:00'), who: h, text: `${n} ${h}` }));
  const r = anOpenRecord();
  const t = Date.now();
  writeFileSync('/tmp/rep/many.html', renderHtml({ ...r, summary: HOSTILE.join(' '), journal: hostile, steps: r.steps.map((s, n) => ({ ...s, title: HOSTILE[n] ?? s.title, owner: HOSTILE[n + 1] ?? s.owner, outcome: HOSTILE[n + 2] ?? '' })), tasks: r.tasks.map((x, n) => ({ ...x, title: HOSTILE[n] ?? '', answers: [{ subject: 'x'.repeat(300), choice: 'approve', reason: HOSTILE[n] ?? '', at: at('10:00:00') }] })) }, aTimeline({ entries: many, credentials: deep })));
  console.log('ms', Date.now() - t);
});
