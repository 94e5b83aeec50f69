import { proxyActivities } from '@temporalio/workflow';
import type { Activities, MeasureActivities } from '../../activities/index.js';
import * as profile from './activity-profiles.js';

/*
 * Every activity with the profile that fits it. Call them with a summary a manager can read:
 * `read.scoreSignals.executeWithOptions({ summary: 'weigh the signals' }, [input])`.
 */

export const read = proxyActivities<
  Pick<
    Activities,
    | 'loadPlaybook'
    | 'scoreSignals'
    | 'askGuard'
    | 'reserveContainment'
    | 'containmentOwner'
    | 'checkConsent'
    | 'archiveJournal'
    | 'checkControls'
    | 'resetWorkflow'
  >
>(profile.READ);
export const resolve = proxyActivities<Pick<Activities, 'resolvePrincipal' | 'resolvePrincipalArn'>>(profile.RESOLVE);
export const sift = proxyActivities<Pick<Activities, 'judgeCall' | 'expandAlarm'>>(profile.SIFT);
export const plan = proxyActivities<Pick<Activities, 'planContainment'>>(profile.PLAN);
export const deliver = proxyActivities<Pick<Activities, 'openIncident'>>(profile.DELIVER);
export const notify = proxyActivities<Pick<Activities, 'notifyTeam' | 'recordBreach' | 'pageFinding'>>(profile.NOTIFY);
export const write = proxyActivities<MeasureActivities>(profile.WRITE);
export const writeScp = proxyActivities<Pick<Activities, 'writeQuarantineScp'>>(profile.WRITE);
export const watch = proxyActivities<Pick<Activities, 'watchContainment'>>(profile.WATCH);
export const lookup = proxyActivities<Pick<Activities, 'lookupPrincipalEvents'>>(profile.LOOKUP);
export const trace = proxyActivities<Pick<Activities, 'buildTimeline'>>(profile.COLLECT);
export const collect = proxyActivities<Pick<Activities, 'collectEvidence'>>(profile.COLLECT);
export const seal = proxyActivities<Pick<Activities, 'keepTimeline' | 'sealEvidence' | 'recordIncident' | 'prepareReview'>>(profile.SEAL);
export const tickets = proxyActivities<Pick<Activities, 'createTicket' | 'updateTicket' | 'attachToTicket'>>(profile.TICKET);
export const compare = proxyActivities<Pick<Activities, 'findStranded' | 'findOrphans' | 'findSilentAlerts' | 'findSilentSources'>>(
  profile.PLAN,
);
export const propose = proxyActivities<Pick<Activities, 'proposeEradication' | 'planRecovery'>>(profile.PLAN);
export const restore = proxyActivities<
  Pick<Activities, 'deleteUser' | 'deleteRole' | 'deletePolicy' | 'deleteAccessKey' | 'terminateInstance' | 'issueCredential'>
>(profile.RESTORE);
