import type { IAMClient } from '@aws-sdk/client-iam';
import type { STSClient } from '@aws-sdk/client-sts';
import type { WorkflowClient } from '@temporalio/client';
import type { Team } from '../src/contracts/playbook.js';
import type { Authority } from '../src/ports/authority.js';
import type { EventHistory } from '../src/ports/event-history.js';
import type { EvidenceStore } from '../src/ports/evidence-store.js';
import type { Guard } from '../src/ports/guard.js';
import type { Notifier } from '../src/ports/notifier.js';
import type { Policies } from '../src/ports/policies.js';
import type { RecordStore } from '../src/ports/record-store.js';
import { createCheckConsent } from './authority/check-consent.js';
import { createAuthorizeWrite } from './aws/authorize-write.js';
import { beating } from './beating.js';
import { createMeasures } from './aws/measures/index.js';
import { createOwnIdentity } from './aws/own-identity.js';
import { createPlanContainment } from './aws/plan-containment.js';
import { createRecentCallers } from './aws/recent-callers.js';
import { createResolvePrincipal } from './aws/resolve-principal.js';
import { createScoreSignals } from './aws/score-signals.js';
import { createWatchContainment } from './aws/watch-containment.js';
import { createAskGuard, createReserveContainment } from './guard/gate-containment.js';
import type { LookupActivities, MainActivities, RespondActivities } from './index.js';
import { createLookupPrincipalEvents } from './investigate/lookup-principal-events.js';
import { createNotifyTeam } from './notify/notify-team.js';
import { createRecordBreach } from './notify/record-breach.js';
import { createLoadPlaybook } from './policy/load-playbook.js';
import { createArchiveJournal } from './records/archive-journal.js';
import { createRecordIncident } from './records/record-incident.js';
import { createContainmentOwner } from './temporal/containment-owner.js';
import { createOpenIncident } from './temporal/open-incident.js';

/** What activities reach the world through; made by the worker. */
export interface ActivityDeps {
  /** Read-only identity. */
  readonly reader: { readonly iam: IAMClient; readonly sts: STSClient };
  /** The identity that writes. */
  readonly responder: { readonly iam: IAMClient; readonly sts: STSClient };
  readonly history: EventHistory;
  readonly policies: Policies;
  readonly authority: Authority;
  readonly guard: Guard;
  readonly workflows: WorkflowClient;
  readonly notifiers: readonly Notifier[];
  readonly evidence: EvidenceStore;
  readonly records: RecordStore;
  readonly playbookId: string;
  readonly waitsName: string;
  readonly nowMs: () => number;
}

/** Activities by task queue, so that each worker offers only its own. */
export interface ActivitySets {
  readonly main: MainActivities;
  readonly respond: RespondActivities;
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

  const writes = { ...reads, ...deps.responder, ownIdentity: createOwnIdentity(deps.responder.sts) };
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
      recordIncident: createRecordIncident({ records: deps.records }),
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
      watchContainment: createWatchContainment({ iam: deps.responder.iam, measures, nowMs }),
    },
    lookup: { lookupPrincipalEvents: createLookupPrincipalEvents({ history, nowMs }) },
  };
}
