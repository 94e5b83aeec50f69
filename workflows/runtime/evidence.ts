import { condition } from '@temporalio/workflow';
import type { EvidenceItem, EvidenceItemName } from '../../src/contracts/evidence.js';
import type { SealedCollection } from '../../src/contracts/incident.js';
import type { PlaybookStep } from '../../src/contracts/playbook.js';
import { accessKeyIdsOf, evidenceFromAt } from '../../src/domain/engine/evidence.js';
import { toInstant } from '../../src/domain/engine/time.js';
import { collect, seal } from './activities.js';
import { failureText } from './failure-text.js';
import type { Incident } from './incident.js';
import { askForHelp } from './people.js';

/** What a collection of a step holds. */
export interface Collection {
  readonly collectionId: string;
  readonly items: readonly EvidenceItemName[];
  /** Items other activities have stored already. */
  readonly given?: readonly EvidenceItem[];
}

const SEALING = 'seal evidence';

/**
 * Collects every item side by side and seals the collection. What cannot be collected becomes a task that names it;
 * `done` and `skip` record the item as absent with that answer: the manifest never passes an item over.
 */
export async function collectAndSeal(
  incident: Incident,
  step: PlaybookStep,
  collection: Collection,
): Promise<SealedCollection | undefined> {
  const { state } = incident;
  const done = state.evidence?.find(({ collectionId }) => collectionId === collection.collectionId);
  if (done !== undefined) return done;
  const items = new Map<EvidenceItemName, EvidenceItem>((collection.given ?? []).map((item) => [item.item, item]));
  for (;;) {
    const failed = await collectOpen(incident, collection, items);
    if (failed.length === 0) break;
    const missing = failed.map(({ item, why }) => `${item}: ${why}`).join('; ');
    const answer = await askForHelp(incident, step, { what: 'collect all evidence', missing, choices: ['retry', 'done', 'skip'] });
    if (answer === undefined) return undefined;
    if (answer.choice === 'retry') continue;
    for (const { item, why } of failed)
      items.set(item, {
        item,
        outcome: 'absent',
        reason: `${why}; ${answer.choice} by ${answer.subject}: ${answer.reason || 'no reason given'}`,
      });
    break;
  }
  return sealInOrder(incident, collection, [...items.values()]);
}

async function collectOpen(
  incident: Incident,
  { collectionId, items: names }: Collection,
  items: Map<EvidenceItemName, EvidenceItem>,
): Promise<{ item: EvidenceItemName; why: string }[]> {
  const { state } = incident;
  const [principal] = state.principals;
  if (principal === undefined) return names.map((item) => ({ item, why: 'no principal is known' }));
  const failed: { item: EvidenceItemName; why: string }[] = [];
  const toAt = toInstant(Date.now());
  const open = names.filter((item) => !items.has(item));
  await Promise.all(
    open.map(async (item) => {
      try {
        const input = {
          incidentId: state.incidentId,
          collectionId,
          item,
          principal,
          accessKeyIds: accessKeyIdsOf(state),
          fromAt: evidenceFromAt(state),
          toAt,
        };
        items.set(
          item,
          await incident.busy(() => collect.collectEvidence.executeWithOptions({ summary: `collect ${item} (${collectionId})` }, [input])),
        );
      } catch (error) {
        failed.push({ item, why: failureText(error) });
      }
    }),
  );
  return failed;
}

/** One after the other: each manifest names the hash of the one before. */
async function sealInOrder(incident: Incident, { collectionId }: Collection, items: EvidenceItem[]): Promise<SealedCollection> {
  const { state, run } = incident;
  await condition(() => !run.claiming.has(SEALING));
  run.claiming.add(SEALING);
  try {
    const previous = state.evidence?.at(-1)?.manifest;
    const input = {
      incidentId: state.incidentId,
      collectionId,
      items: items.toSorted((a, b) => (a.item < b.item ? -1 : 1)),
      sealedAt: toInstant(Date.now()),
      ...(previous === undefined ? {} : { previous }),
    };
    const sealed = await incident.busy(() => seal.sealEvidence.executeWithOptions({ summary: `seal evidence ${collectionId}` }, [input]));
    const absent = items.flatMap((item) => (item.outcome === 'absent' ? [`${item.item}: ${item.reason}`] : []));
    const collection = { collectionId, manifest: sealed.manifest, collected: sealed.collected, absent };
    state.evidence = [...(state.evidence ?? []), collection];
    incident.journal(
      `evidence ${collectionId} is sealed: ${sealed.collected.join(', ')}; manifest ${sealed.manifest.path} sha256 ${sealed.manifest.sha256}`,
    );
    for (const line of absent) incident.journal(`evidence ${collectionId} lacks ${line}`);
    return collection;
  } finally {
    run.claiming.delete(SEALING);
  }
}
