import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
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
    | 'recordIncident'
  >
>(profile.READ);
export const resolve = proxyActivities<Pick<Activities, 'resolvePrincipal'>>(profile.RESOLVE);
export const plan = proxyActivities<Pick<Activities, 'planContainment'>>(profile.PLAN);
export const deliver = proxyActivities<Pick<Activities, 'openIncident'>>(profile.DELIVER);
export const notify = proxyActivities<Pick<Activities, 'notifyTeam' | 'recordBreach'>>(profile.NOTIFY);
export const write = proxyActivities<
  Pick<
    Activities,
    | 'attachQuarantinePolicy'
    | 'undoAttachQuarantinePolicy'
    | 'denyUser'
    | 'undoDenyUser'
    | 'putBoundary'
    | 'undoPutBoundary'
    | 'deactivateAccessKey'
    | 'undoDeactivateAccessKey'
  >
>(profile.WRITE);
export const watch = proxyActivities<Pick<Activities, 'watchContainment'>>(profile.WATCH);
export const lookup = proxyActivities<Pick<Activities, 'lookupPrincipalEvents'>>(profile.LOOKUP);
