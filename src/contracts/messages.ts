import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Alert } from './alert.js';
import type { ContainmentOrder, ContainmentState, ContainmentView } from './containment.js';
import type { GuardAnswer, GuardRequest, GuardState } from './guard.js';
import type { IncidentState } from './incident.js';
import type { Resolution } from './principal.js';
import type { Act, ActResult } from './task.js';

/** → incidentResponse, by signal-with-start in `openIncident`, or forwarded by an incident that joins. */
export const alertReceivedSignal = defineSignal<[Alert, Resolution]>('alertReceived');
/** containPrincipal → its incident: the whole view; a lower revision is ignored. */
export const containmentChangedSignal = defineSignal<[ContainmentView]>('containmentChanged');
/** Incident (or guard) → containPrincipal. */
export const containmentOrderSignal = defineSignal<[ContainmentOrder]>('containmentOrder');
/** People → incidentResponse. */
export const actUpdate = defineUpdate<ActResult, [Act]>('act');
/** Activities and CLI → responderGuard. */
export const guardUpdate = defineUpdate<GuardAnswer, [GuardRequest]>('guard');
export const incidentQuery = defineQuery<IncidentState>('incident');
export const containmentQuery = defineQuery<ContainmentState>('containment');
export const guardQuery = defineQuery<GuardState>('guardState');
