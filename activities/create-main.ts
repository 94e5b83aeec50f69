import type { Team } from '../src/contracts/playbook.js';
import { createCheckConsent } from './authority/check-consent.js';
import { beating } from './beating.js';
import { createFindOrphans } from './aws/find-orphans.js';
import { createPlanContainment } from './aws/plan-containment.js';
import { createCheckControls } from './aws/recover/check-controls.js';
import { createPlanRecovery } from './aws/recover/plan-recovery.js';
import { createResolvePrincipal } from './aws/resolve-principal.js';
import { createResolvePrincipalArn } from './aws/resolve-principal-arn.js';
import { createProposeEradication } from './aws/restore/propose-eradication.js';
import { createScoreSignals } from './aws/score-signals.js';
import { createSealEvidence } from './evidence/seal-evidence.js';
import { createAskGuard, createReserveContainment } from './guard/gate-containment.js';
import { createPastOf } from './ingest/caller-history.js';
import { createExpandAlarm } from './ingest/expand-alarm.js';
import { createJudgeCall } from './ingest/judge-call.js';
import type { MainActivities } from './index.js';
import { createKeepTimeline } from './investigate/keep-timeline.js';
import { createNotifyTeam } from './notify/notify-team.js';
import { createPageFinding } from './notify/page-finding.js';
import { createRecordBreach } from './notify/record-breach.js';
import { createLoadPlaybook } from './policy/load-playbook.js';
import { createArchiveJournal } from './records/archive-journal.js';
import { createPrepareReview } from './records/prepare-review.js';
import { createRecordIncident } from './records/record-incident.js';
import { createContainmentOwner } from './temporal/containment-owner.js';
import { createFindSilentAlerts } from './temporal/find-silent-alerts.js';
import { createFindSilentSources } from './temporal/find-silent-sources.js';
import { createFindStranded } from './temporal/find-stranded.js';
import { createOpenIncident } from './temporal/open-incident.js';
import { createReadContainments } from './temporal/read-containments.js';
import { createResetWorkflow } from './temporal/reset-workflow.js';
import { createAttachToTicket } from './tickets/attach-to-ticket.js';
import { createCreateTicket } from './tickets/create-ticket.js';
import { createUpdateTicket } from './tickets/update-ticket.js';
import type { ActivityDeps } from './activity-deps.js';
import type { Shared } from './shared.js';

/** Main task queue. One line per activity: the compiler asks for what is missing. */
export function createMainActivities(deps: ActivityDeps, { reads, now, collectedAs, ownArns }: Shared): MainActivities {
  const { policies, authority, guard, history, nowMs } = deps;
  const { rails, people, confidence } = policies;
  const teams = async (): Promise<readonly Team[]> => (await policies.teams()).teams;
  return {
    resolvePrincipal: createResolvePrincipal(reads),
    judgeCall: beating(
      createJudgeCall({ pastOf: createPastOf({ history, nowMs }), rules: policies.detectionRules, rails, authority, ownArns }),
    ),
    expandAlarm: beating(
      createExpandAlarm({
        logs: (account, region) => deps.evidenceClients({ account, role: 'Reader' }).logs(region),
        rails,
        authority,
        ownArns,
        now: () => new Date(nowMs()),
      }),
    ),
    openIncident: createOpenIncident({
      client: deps.workflows,
      playbookId: deps.playbookId,
      records: deps.records,
      intake: policies.intake,
    }),
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
    recordIncident: beating(createRecordIncident({ records: deps.records, working: deps.working, report: deps.report })),
    prepareReview: createPrepareReview({ records: deps.records, working: deps.working, report: deps.report }),
    resolvePrincipalArn: createResolvePrincipalArn(reads),
    createTicket: beating(createCreateTicket({ tickets: deps.tickets })),
    updateTicket: beating(createUpdateTicket({ tickets: deps.tickets })),
    attachToTicket: beating(createAttachToTicket({ tickets: deps.tickets, working: deps.working })),
    keepTimeline: createKeepTimeline({ evidence: deps.evidence, working: deps.working }),
    sealEvidence: async (input) => createSealEvidence({ evidence: deps.evidence, collector: await collectedAs() })(input),
    proposeEradication: beating(createProposeEradication({ ...reads, evidenceClients: deps.evidenceClients, working: deps.working })),
    planRecovery: beating(createPlanRecovery(reads)),
    checkControls: createCheckControls({ ...reads, evidenceClients: deps.evidenceClients }),
    findStranded: beating(createFindStranded({ client: deps.workflows, nowMs })),
    resetWorkflow: createResetWorkflow({ client: deps.workflows }),
    findOrphans: beating(
      createFindOrphans({
        access: deps.access,
        accounts: () => spokesOf(policies),
        scpContents: deps.scps.contents,
        containments: createReadContainments(deps.workflows),
      }),
    ),
    findSilentAlerts: beating(createFindSilentAlerts({ client: deps.workflows, nowMs })),
    findSilentSources: beating(createFindSilentSources({ client: deps.workflows, intake: policies.intake, nowMs })),
    pageFinding: createPageFinding({ notifiers: deps.notifiers, teams: policies.teams }),
  };
}

/** Accounts with our roles: of an organization all but the hub and the management account; else the only one, whatever its number. */
async function spokesOf({ rails, organization }: ActivityDeps['policies']): Promise<string[]> {
  const [{ accounts }, config] = await Promise.all([rails(), organization()]);
  if (config === undefined) return accounts.slice(0, 1);
  return accounts.filter((account) => account !== config.hubAccount && account !== config.managementAccount);
}
