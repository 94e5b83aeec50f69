import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { sleep } from '@temporalio/activity';
import type { WorkflowClient } from '@temporalio/client';
import type { Team } from '../src/contracts/playbook.js';
import type { Authority } from '../src/ports/authority.js';
import type { EventHistory } from '../src/ports/event-history.js';
import type { EvidenceStore } from '../src/ports/evidence-store.js';
import type { Guard } from '../src/ports/guard.js';
import type { Notifier } from '../src/ports/notifier.js';
import type { Policies } from '../src/ports/policies.js';
import type { RecordStore } from '../src/ports/record-store.js';
import type { TicketSystem } from '../src/ports/ticket-system.js';
import type { Vault } from '../src/ports/vault.js';
import { createCheckConsent } from './authority/check-consent.js';
import { createAuthorizeWrite } from './aws/authorize-write.js';
import { beating } from './beating.js';
import { createMeasures } from './aws/measures/index.js';
import { createFindOrphans } from './aws/find-orphans.js';
import { createOwnIdentity } from './aws/own-identity.js';
import { createPlanContainment } from './aws/plan-containment.js';
import { createRecentCallers } from './aws/recent-callers.js';
import { createCheckControls } from './aws/recover/check-controls.js';
import { createIssueCredential } from './aws/recover/issue-credential.js';
import { createPlanRecovery } from './aws/recover/plan-recovery.js';
import { createResolvePrincipal } from './aws/resolve-principal.js';
import { createResolvePrincipalArn } from './aws/resolve-principal-arn.js';
import { createAuthorizeRestore } from './aws/restore/authorize-restore.js';
import { createProposeEradication } from './aws/restore/propose-eradication.js';
import { createRemovals } from './aws/restore/remove/index.js';
import { createScoreSignals } from './aws/score-signals.js';
import { createWatchContainment } from './aws/watch-containment.js';
import { createCollectEvidence, type CollectEvidenceDeps } from './evidence/collect-evidence.js';
import { createSealEvidence } from './evidence/seal-evidence.js';
import { createAskGuard, createReserveContainment } from './guard/gate-containment.js';
import type { LookupActivities, MainActivities, RespondActivities, RestoreActivities } from './index.js';
import { createBuildTimeline } from './investigate/build-timeline.js';
import { createGatherer } from './investigate/gather-records.js';
import { createKeepTimeline } from './investigate/keep-timeline.js';
import { createLookupPrincipalEvents } from './investigate/lookup-principal-events.js';
import { createNotifyTeam } from './notify/notify-team.js';
import { createPageFinding } from './notify/page-finding.js';
import { createRecordBreach } from './notify/record-breach.js';
import { createLoadPlaybook } from './policy/load-playbook.js';
import { createArchiveJournal } from './records/archive-journal.js';
import { createPrepareReview } from './records/prepare-review.js';
import { createRecordIncident } from './records/record-incident.js';
import { createContainmentOwner } from './temporal/containment-owner.js';
import { createFindSilentAlerts } from './temporal/find-silent-alerts.js';
import { createFindStranded } from './temporal/find-stranded.js';
import { createOpenIncident } from './temporal/open-incident.js';
import { createReadContainments } from './temporal/read-containments.js';
import { createResetWorkflow } from './temporal/reset-workflow.js';
import { createAttachToTicket } from './tickets/attach-to-ticket.js';
import { createCreateTicket } from './tickets/create-ticket.js';
import { createUpdateTicket } from './tickets/update-ticket.js';

/** What activities reach the world through; made by the worker. */
export interface ActivityDeps {
  /** Read-only identity. */
  readonly reader: { readonly iam: IAMClient; readonly sts: STSClient };
  /** The identity that contains. */
  readonly responder: { readonly iam: IAMClient; readonly sts: STSClient };
  /** The identity that removes for good and issues credentials. */
  readonly restorer: {
    readonly iam: IAMClient;
    readonly sts: STSClient;
    readonly ec2: (region: string) => EC2Client;
    readonly vault: Vault;
  };
  /** What evidence is read with. */
  readonly evidenceClients: CollectEvidenceDeps['clients'];
  /** A client with credentials that were just issued. */
  readonly callerOf: (credentials: { accessKeyId: string; secretAccessKey: string }) => STSClient;
  readonly history: EventHistory;
  readonly policies: Policies;
  readonly authority: Authority;
  readonly guard: Guard;
  readonly workflows: WorkflowClient;
  readonly notifiers: readonly Notifier[];
  readonly tickets: TicketSystem;
  /** Sealed originals. */
  readonly evidence: EvidenceStore;
  /** Redacted copies, timelines and reports. */
  readonly working: EvidenceStore;
  readonly records: RecordStore;
  readonly playbookId: string;
  readonly waitsName: string;
  readonly nowMs: () => number;
}

/** Activities by task queue, so that each worker offers only its own. */
export interface ActivitySets {
  readonly main: MainActivities;
  readonly respond: RespondActivities;
  readonly restore: RestoreActivities;
  readonly lookup: LookupActivities;
}

/** Makes every activity. One line per activity: the compiler asks for what is missing. */
export function createActivities(deps: ActivityDeps): ActivitySets {
  const { policies, authority, guard, history, nowMs } = deps;
  const { rails, people, confidence } = policies;
  const now = (): string => new Date(nowMs()).toISOString();
  const teams = async (): Promise<readonly Team[]> => (await policies.teams()).teams;
  const recentCallers = createRecentCallers({ history, nowMs });
  const reads = { ...deps.reader, ownIdentity: createOwnIdentity(deps.reader.sts), recentCallers, rails, people, now };

  const own = { responder: createOwnIdentity(deps.responder.sts), restorer: createOwnIdentity(deps.restorer.sts) };
  const writes = { ...reads, ...deps.responder, ownIdentity: own.responder };
  const restores = {
    ...deps.restorer,
    authorize: createAuthorizeRestore({ iam: deps.reader.iam, ownIdentity: own.restorer, rails, people, authority, now }),
    now,
  };
  const removals = createRemovals({ ...restores, evidence: deps.evidence });
  const ownArns = async (): Promise<string[]> =>
    Promise.all([own.responder(), own.restorer()]).then((ours) => ours.map(({ arn }) => stableArn(arn)));
  const collectedAs = async (): Promise<string> => stableArn((await own.responder()).arn);
  const callerOf = (credentials: { accessKeyId: string; secretAccessKey: string }): Promise<string | undefined> =>
    callerArn(deps.callerOf(credentials));
  const measures = createMeasures({ authorize: createAuthorizeWrite({ ...writes, authority, guard }), iam: deps.responder.iam, now });

  return {
    main: {
      resolvePrincipal: createResolvePrincipal(reads),
      openIncident: createOpenIncident({ client: deps.workflows, playbookId: deps.playbookId }),
      loadPlaybook: createLoadPlaybook({ pin: policies.pin, waitsName: deps.waitsName }),
      scoreSignals: createScoreSignals({ ...reads, confidence }),
      planContainment: beating(createPlanContainment({ ...reads, evidence: deps.evidence })),
      askGuard: createAskGuard({ guard, rails }),
      reserveContainment: createReserveContainment({ guard, rails }),
      containmentOwner: createContainmentOwner({ client: deps.workflows }),
      checkConsent: createCheckConsent({ authority, people, rails, now }),
      notifyTeam: createNotifyTeam({ notifiers: deps.notifiers, teams }),
      recordBreach: createRecordBreach({ notifiers: deps.notifiers, teams }),
      archiveJournal: createArchiveJournal({ records: deps.records }),
      recordIncident: beating(createRecordIncident({ records: deps.records, working: deps.working, now })),
      prepareReview: createPrepareReview({ records: deps.records, working: deps.working }),
      resolvePrincipalArn: createResolvePrincipalArn(reads),
      createTicket: beating(createCreateTicket({ tickets: deps.tickets })),
      updateTicket: beating(createUpdateTicket({ tickets: deps.tickets })),
      attachToTicket: beating(createAttachToTicket({ tickets: deps.tickets, working: deps.working })),
      keepTimeline: createKeepTimeline({ evidence: deps.evidence, working: deps.working }),
      sealEvidence: async (input) => createSealEvidence({ evidence: deps.evidence, collector: await collectedAs() })(input),
      proposeEradication: beating(createProposeEradication({ ...reads, ec2: deps.evidenceClients.ec2, working: deps.working })),
      planRecovery: beating(createPlanRecovery(reads)),
      checkControls: createCheckControls({ ...reads, guardDuty: deps.evidenceClients.guardDuty, regions: history.regions }),
      findStranded: beating(createFindStranded({ client: deps.workflows, nowMs })),
      resetWorkflow: createResetWorkflow({ client: deps.workflows }),
      findOrphans: beating(createFindOrphans({ iam: deps.reader.iam, containments: createReadContainments(deps.workflows) })),
      findSilentAlerts: beating(createFindSilentAlerts({ client: deps.workflows, nowMs })),
      pageFinding: createPageFinding({ notifiers: deps.notifiers, teams: policies.teams }),
    },
    respond: {
      attachQuarantinePolicy: measures.attachQuarantinePolicy.apply,
      undoAttachQuarantinePolicy: measures.attachQuarantinePolicy.undo,
      denyUser: measures.denyUser.apply,
      undoDenyUser: measures.denyUser.undo,
      putBoundary: measures.putBoundary.apply,
      undoPutBoundary: measures.putBoundary.undo,
      deactivateAccessKey: measures.deactivateAccessKey.apply,
      undoDeactivateAccessKey: measures.deactivateAccessKey.undo,
      denyRole: measures.denyRole.apply,
      undoDenyRole: measures.denyRole.undo,
      closeTrust: measures.closeTrust.apply,
      undoCloseTrust: measures.closeTrust.undo,
      deactivateServiceCredential: measures.deactivateServiceCredential.apply,
      undoDeactivateServiceCredential: measures.deactivateServiceCredential.undo,
      deactivateSshKey: measures.deactivateSshKey.apply,
      undoDeactivateSshKey: measures.deactivateSshKey.undo,
      deactivateSigningCertificate: measures.deactivateSigningCertificate.apply,
      undoDeactivateSigningCertificate: measures.deactivateSigningCertificate.undo,
      deleteLoginProfile: measures.deleteLoginProfile.apply,
      undoDeleteLoginProfile: measures.deleteLoginProfile.undo,
      revokeSessions: measures.revokeSessions.apply,
      undoRevokeSessions: measures.revokeSessions.undo,
      watchContainment: createWatchContainment({ iam: deps.responder.iam, measures, nowMs }),
    },
    restore: { ...removals, issueCredential: createIssueCredential({ ...restores, vault: deps.restorer.vault, callerOf, sleep }) },
    lookup: {
      lookupPrincipalEvents: createLookupPrincipalEvents({ history, nowMs }),
      buildTimeline: createBuildTimeline({ history, working: deps.working, ownArns, nowMs }),
      collectEvidence: createCollectEvidence({
        evidence: deps.evidence,
        working: deps.working,
        clients: deps.evidenceClients,
        regions: history.regions,
        gatherRecords: (input) => createGatherer(history).gather(input),
        collectedAs,
        tool: TOOL,
        now,
      }),
    },
  };
}

/** This program, in the notes of what it collected. */
const TOOL = 'tourniquet';

/** The role behind a session: the same after every restart, and what records name as the session's issuer. */
function stableArn(arn: string): string {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
}

/** Who AWS sees; undefined while it does not know the key yet. */
async function callerArn(sts: STSClient): Promise<string | undefined> {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidClientTokenId') return undefined;
    throw error;
  }
}
