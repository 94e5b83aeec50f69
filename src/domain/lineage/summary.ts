import type { Investigation } from './investigate.js';

/** The answer for people, one line each; the caller encodes the lines for its terminal. */
export function summaryLines(found: Investigation): string[] {
  const { completeness } = found;
  return [
    `${found.events.length} events of the thief, ${found.holderEvents.length} of the rightful holder, out of ${completeness.records} records`,
    `  from ${completeness.from ?? 'never'} to ${completeness.to ?? 'never'} in ${completeness.regions.join(', ')}`,
    ...section('Credentials', found.credentials.map(credentialLine)),
    ...section(
      'Principals',
      found.principals.map((row) => `${row.how}  ${row.arn}`),
    ),
    ...section(
      'Resources',
      found.resources.map((row) => `${row.present ? 'present' : 'gone   '}  ${row.action}  ${row.arn}`),
    ),
    ...section(
      'ATT&CK',
      found.attack.map((row) => `${row.technique} (v${row.attackVersion})${row.succeeded ? '' : ' tried'}  ${row.events.join(', ')}`),
    ),
    ...section(
      'To contain',
      found.containment.map((call) => `${call.api}  ${call.target}`),
    ),
    ...section(
      'Not contained: outside the owned accounts',
      [...completeness.notContained, ...completeness.outsiders].map((arn) => arn),
    ),
    ...section(completeness.incomplete ? 'INCOMPLETE' : 'Limits', [...completeness.reasons, ...completeness.limits]),
  ];
}

function credentialLine(row: Investigation['credentials'][number]): string {
  const state = `${row.used ? 'used' : 'not used'}, ${row.alive ? 'ALIVE' : 'ended'}`;
  return `${row.id}  ${row.kind}  ${row.strength}  ${state}${row.parent === null ? '' : `  from ${row.parent}`}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
