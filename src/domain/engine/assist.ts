import type { IncidentState } from '../../contracts/incident.js';
import type { PlaybookStep, StepAssist } from '../../contracts/playbook.js';
import type { TimelineSummary } from '../../contracts/timeline.js';

/** What the timeline knows that helps with a manual step; the person decides what it means. */
export function assistLines(state: IncidentState, step: PlaybookStep): string[] {
  const { timeline } = state;
  if (step.assist === undefined) return [];
  const review = step.assist === 'review' ? reviewLines(state) : [];
  if (timeline === undefined) return [...review, 'no timeline was built: nothing could be prepared'];
  return [...review, ...LINES[step.assist](timeline, state), completenessLine(timeline)];
}

/** Where the prefilled document is; it also has the clocks that the incident breached. */
function reviewLines({ review }: IncidentState): string[] {
  return review === undefined
    ? ['the review document could not be prefilled: see the journal']
    : [`review document, prefilled: ${review.path} (working copies)`];
}

const LINES: Readonly<Record<StepAssist, (timeline: TimelineSummary, state: IncidentState) => string[]>> = {
  resources: ({ resources, resourceCount }) => [
    `${resourceCount} things made or changed by the intruder`,
    ...resources.slice(0, 12).map((row) => `${row.present ? 'still there' : 'gone'}: ${row.action} ${row.arn} (event ${row.provedBy})`),
  ],
  vector: ({ firstMalicious }, { alerts }) => [
    firstMalicious === undefined
      ? 'no event of the intruder was found'
      : `first event of the intruder: ${firstMalicious.api} at ${firstMalicious.at} from ${firstMalicious.sourceIp} (event ${firstMalicious.eventId})`,
    ...alerts.kept
      .filter(({ facts }) => facts.publicExposure)
      .map(({ source }) => `${source} reports the key as public: look for it in repositories`),
  ],
  impact: ({ attackerEvents, credentials, external, firstMalicious, lastMalicious }) => [
    `${attackerEvents} events of the intruder with ${credentials} credentials, ${firstMalicious?.at ?? 'never'} to ${lastMalicious?.at ?? 'never'}`,
    ...external.map((arn) => `reached outside our accounts: ${arn}`),
    'reads of objects and data are not in Event history: check data events of the trail',
  ],
  actor: ({ attack, firstMalicious }) => [
    `techniques (MITRE ATT&CK): ${attack.join(', ') || 'none recognised'}`,
    ...(firstMalicious === undefined ? [] : [`address ${firstMalicious.sourceIp}`]),
  ],
  review: ({ attackerEvents, firstMalicious }, state) => [
    `incident ${state.followUpOf ?? state.incidentId}: ${attackerEvents} events of the intruder since ${firstMalicious?.at ?? 'never'}`,
  ],
  detection: ({ attack, firstMalicious }) => [
    ...(firstMalicious === undefined ? [] : [`would a rule on ${firstMalicious.api} have fired at ${firstMalicious.at}?`]),
    `techniques to detect: ${attack.join(', ') || 'none recognised'}`,
  ],
  controls: (_, { recovery }) =>
    (recovery?.controls ?? []).flatMap((found) => (found.present ? [] : [`missing: ${found.control}, ${found.detail}`, ...found.commands])),
};

function completenessLine({ completeness }: TimelineSummary): string {
  const gaps = completeness.complete ? '' : `, INCOMPLETE: ${completeness.gaps.join('; ')}`;
  return `from CloudTrail ${completeness.fromAt} to ${completeness.readUntilAt}, ${completeness.regions.join(', ')}${gaps}`;
}
