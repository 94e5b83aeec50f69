import { isCancellation, setCurrentDetails, sleep } from '@temporalio/workflow';
import { parsePayload, transient } from '../src/contracts/failures.js';
import {
  type ReconcileFinding,
  ReconcileInput,
  type ReconcileResult,
  type ResetResult,
  type StrandedRun,
} from '../src/contracts/reconcile.js';
import { table, text } from '../src/domain/engine/markdown.js';
import { strandedFinding, troubleFinding } from '../src/domain/engine/reconcile.js';
import { toInstant } from '../src/domain/engine/time.js';
import { compare, notify, read } from './runtime/activities.js';
import { failureText } from './runtime/failure-text.js';

/** Longer than a write and its reading back take: what is under way is over by then. */
const CONFIRM_AFTER_SECONDS = 20;

/**
 * One round of looking after everything else (design 7): brings back what ended before its work had, compares AWS with the
 * open containments, looks for alerts without outcome and sources that fell silent. Pages what it finds, each thing once a day. Never undoes anything.
 *
 * @throws InvalidPayload, permanent: the start input is malformed.
 * @throws UpstreamUnavailable, transient: a finding reached nobody; the round shows as failed, the next one tries again.
 */
export async function reconcile(raw: ReconcileInput): Promise<ReconcileResult> {
  const { confirmAfterSeconds = CONFIRM_AFTER_SECONDS } = parsePayload(ReconcileInput, raw, 'reconcile input');
  const findings: ReconcileFinding[] = [];
  const untold: string[] = [];
  const tell = async (found: ReconcileFinding[]): Promise<void> => {
    findings.push(...found);
    setCurrentDetails(detailsOf(findings));
    untold.push(...(await Promise.all(found.map(page))).flat());
  };

  // First, and told at once: what came back then answers for what it holds in AWS.
  await tell(await part('bring back what ended too early', bringBack));
  const parts = [
    part('compare AWS with the open containments', () => findOrphans(confirmAfterSeconds)),
    part('look for alerts without outcome', () =>
      compare.findSilentAlerts.executeWithOptions({ summary: 'look for alerts without outcome' }, []),
    ),
    part('look for sources that fell silent', () =>
      compare.findSilentSources.executeWithOptions({ summary: 'look for sources that fell silent' }, []),
    ),
  ];
  await tell((await Promise.all(parts)).flat());
  if (untold.length > 0) throw transient('UpstreamUnavailable', `nobody could be told: ${untold.join('; ')}`);
  return { findings };
}

/** A part that fails must not keep the others from being done; that it failed is a finding too. */
async function part(what: string, work: () => Promise<ReconcileFinding[]>): Promise<ReconcileFinding[]> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) throw error;
    return [troubleFinding(what, failureText(error))];
  }
}

async function bringBack(): Promise<ReconcileFinding[]> {
  const { runs, more } = await compare.findStranded.executeWithOptions({ summary: 'look for workflows that ended too early' }, []);
  const findings = await Promise.all(runs.map(async (run) => strandedFinding(run, await reset(run))));
  if (more === 0) return findings;
  return [...findings, troubleFinding('bring back all at once', `${more} more ended too early: they are the next rounds' work`)];
}

async function reset(run: StrandedRun): Promise<ResetResult> {
  if (run.tooOften !== undefined) return { reset: false, why: run.tooOften };
  try {
    const summary = `bring back ${run.workflowType} ${run.workflowId}, ${run.how}`.slice(0, 200);
    return await read.resetWorkflow.executeWithOptions({ summary }, [run]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { reset: false, why: failureText(error) };
  }
}

/** What is there now and was there a moment ago: a write or an undo that was under way at the first look is over at the second. */
async function findOrphans(confirmAfterSeconds: number): Promise<ReconcileFinding[]> {
  const look = (summary: string): Promise<ReconcileFinding[]> => compare.findOrphans.executeWithOptions({ summary }, []);
  const first = new Set((await look('compare AWS with the open containments')).map(({ key }) => key));
  if (first.size === 0) return [];
  await sleep(confirmAfterSeconds * 1000, { summary: `${first.size} differences: look again, a write may be under way` });
  return (await look('look again')).filter(({ key }) => first.has(key));
}

/** Returns the title when nobody could be told. */
async function page(finding: ReconcileFinding): Promise<string[]> {
  try {
    await notify.pageFinding.executeWithOptions({ summary: `page: ${finding.title}`.slice(0, 200) }, [
      { finding, at: toInstant(Date.now()) },
    ]);
    return [];
  } catch (error) {
    if (isCancellation(error)) throw error;
    return [`${finding.title} (${failureText(error)})`];
  }
}

function detailsOf(findings: readonly ReconcileFinding[]): string {
  const rows = findings.map(({ kind, title, lines }) => [kind, text(title, 200), text(lines.join(' · '), 500)]);
  return table(['kind', 'what', 'details'], rows, 15) || 'Nothing found.';
}
