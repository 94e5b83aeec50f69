import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFileEvidenceStore } from '../../../src/adapters/evidence/file.js';
import { createJournalNotifier, readSentNotifications } from '../../../src/adapters/notify/journal.js';
import { createTerminalNotifier } from '../../../src/adapters/notify/terminal.js';
import { createFileRecordStore } from '../../../src/adapters/records/file.js';
import { createFileRejectedStore } from '../../../src/adapters/rejected/file.js';
import type { Notification } from '../../../src/contracts/notify.js';

const TEAM = { id: 'security-lead', title: 'Security Lead', contacts: ['lead@example.com', 'pager'], channels: ['journal'] };

function aNotification(change: Partial<Notification> = {}): Notification {
  const at = '2026-03-01T12:00:00.000Z';
  return { notificationId: 'n1', incidentId: 'INC-1', team: TEAM.id, kind: 'page', title: 'act now', lines: ['one'], at, ...change };
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tourniquet-test-'));
});

describe('evidence in a folder', () => {
  it('takes the same bytes twice and refuses other ones', async () => {
    const store = createFileEvidenceStore(folder);
    const ref = await store.put('INC-1/snapshot.json', Buffer.from('{}'));

    expect(await store.put('INC-1/snapshot.json', Buffer.from('{}'))).toEqual(ref);
    await expect(store.put('INC-1/snapshot.json', Buffer.from('[]'))).rejects.toMatchObject({ type: 'PreconditionFailed' });
    expect(Buffer.from(await store.get(ref)).toString()).toBe('{}');
  });

  it('notices a changed and a missing file', async () => {
    const store = createFileEvidenceStore(folder);
    const ref = await store.put('a.json', Buffer.from('{}'));

    await expect(store.get({ ...ref, sha256: '0'.repeat(64) })).rejects.toMatchObject({ type: 'PreconditionFailed' });
    await expect(store.get({ ...ref, path: 'b.json' })).rejects.toMatchObject({ type: 'TargetNotFound' });
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', 'a//b', '', 'a\u0000b', 'a/./b', 'a\\..\\b'])('refuses the path %j', async (path) => {
    await expect(createFileEvidenceStore(folder).put(path, Buffer.from('x'))).rejects.toMatchObject({ type: 'InvalidPayload' });
  });

  it('lets one of 20 writers at once win and leaves no other file', async () => {
    const store = createFileEvidenceStore(folder);

    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => store.put('a', Buffer.from(String(index)))));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['a']);
  });
});

describe('records in a folder', () => {
  it('adds each journal line once, whatever is repeated', async () => {
    const store = createFileRecordStore(folder);
    const line = (text: string) => ({ at: '2026-03-01T12:00:00.000Z', who: 'alex', text });

    await Promise.all([
      store.appendJournal('INC-1', [line('a')]),
      store.appendJournal('INC-1', [line('a'), line('b')]),
      store.appendJournal('INC-1', [line('b')]),
    ]);

    expect(await store.readJournal('INC-1')).toEqual([line('a'), line('b')]);
  });

  it('replaces the record and knows when there is none', async () => {
    const store = createFileRecordStore(folder);
    await store.putRecord('INC-1', { phase: 'triage' });
    await store.putRecord('INC-1', { phase: 'closed' });

    expect(await store.getRecord('INC-1')).toEqual({ phase: 'closed' });
    expect(await store.getRecord('INC-2')).toBeUndefined();
  });
});

describe('rejected messages in a folder', () => {
  it('keeps the newest 3 of 5', async () => {
    const store = createFileRejectedStore(folder, 3);
    for (const second of [1, 2, 3, 4, 5]) {
      await store.put({
        receivedAt: `2026-03-01T12:00:0${second}.000Z`,
        reason: `r${second}`,
        sha256: 'ab'.repeat(32),
        bytes: 1,
        excerpt: 'x',
      });
    }

    expect((await store.list(10)).map(({ reason }) => reason)).toEqual(['r5', 'r4', 'r3']);
  });
});

describe('notifiers', () => {
  it('writes a notification once per id and team, and survives a torn line', async () => {
    const file = join(folder, 'sent.jsonl');
    await writeFile(file, '{"notificationId":"torn"\n');
    const send = (change?: Partial<Notification>) => createJournalNotifier(file).send(aNotification(change), TEAM);

    await send();
    await send();
    await send({ notificationId: 'n2' });

    expect((await readSentNotifications(file)).map(({ notificationId }) => notificationId)).toEqual(['n1', 'n2']);
    expect(await send()).toEqual({ people: TEAM.contacts });
  });

  it('prints without control and direction-changing characters', async () => {
    const printed: string[] = [];

    await createTerminalNotifier((line) => void printed.push(line)).send(
      aNotification({ title: 'a\u001b[31m\u202eb', lines: ['c\nd'] }),
      TEAM,
    );

    expect(printed.join('|')).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
  });
});
