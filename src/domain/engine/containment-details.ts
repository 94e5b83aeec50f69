import type { ContainmentState } from '../../contracts/containment.js';
import { keyOf } from './containment-view.js';
import { code, table, text } from './markdown.js';

/** The containment's page in Temporal UI: where it stands, what is in force, what the claim rests on. */
export function containmentDetails(state: ContainmentState): string {
  const { view, plan } = state;
  const facts = [
    ['state', view.state],
    ['plan', plan ? `tier ${plan.tier}, ${plan.measures.length} measures, ${code(plan.planSha256.slice(0, 12))}` : 'under way'],
    ['applied', view.appliedAt ?? 'no'],
    ['effective from', view.effectiveFromAt ?? '–'],
    ['proven', view.provenAt ?? 'not proven'],
    [
      'guarded',
      plan === undefined
        ? '–'
        : plan.guarded
          ? 'yes: it cannot take this off itself'
          : 'no: it can take every layer off while the changes spread',
    ],
    ['drifts put back', String(view.drifts)],
    ...(state.escalatedAt === undefined ? [] : [['fought since', state.escalatedAt]]),
    ...(state.descent === undefined ? [] : [['descends by', `${state.descent.length} event(s)`]]),
  ];
  return [
    `### ${text(view.principal.arn)}`,
    `**${view.state}** · ${text(view.headline, 600)}`,
    table(['what', 'value'], facts),
    table(['measure', 'target', 'status'], measureRows(state)),
    section('Rests on', view.provenBy),
    section('Limits of the claim', view.limits),
    section('Does not stop', plan?.doesNotStop ?? []),
    section(
      'For a person',
      (plan?.guidance ?? []).map(({ title, why }) => `${title}: ${why}`),
    ),
    section(
      'Where the intruder went on',
      view.descendants.map(
        ({ arn, api, eventId, fromHolder }) => `${api} ${arn} (event ${eventId})${fromHolder ? ', from the holder’s address' : ''}`,
      ),
    ),
    section(
      'New in the account since the plan',
      view.candidates.map(({ arn, how }) => `${arn}: ${how}`),
    ),
    section(
      'Waits for',
      view.needs.map((need) => need.title),
    ),
    `Incident ${code(state.ownerIncidentId ?? state.incidentId)}, workflow ${code(state.ownerWorkflowId)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function measureRows({ view, plan, results, restored }: ContainmentState): string[][] {
  const back = new Set(restored.map(keyOf));
  return (plan?.measures ?? []).map((measure) => {
    const result = results.find((candidate) => keyOf(candidate) === keyOf(measure));
    const failed = view.failedMeasures.find((candidate) => keyOf(candidate) === keyOf(measure));
    const status = back.has(keyOf(measure))
      ? 'restored'
      : result
        ? `in force since ${result.at}`
        : failed
          ? `refused: ${text(failed.reason)}`
          : 'planned';
    return [measure.measure, text(measure.target), status];
  });
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `**${title}**\n\n${lines
        .slice(0, 15)
        .map((line) => `- ${text(line, 400)}`)
        .join('\n')}`;
}
