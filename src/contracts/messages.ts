import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Alert } from './alert.js';
import type { ContainmentOrder, ContainmentState, ContainmentView } from './containment.js';
import type { GuardAnswer, GuardRequest, GuardState } from './guard.js';
import type { IncidentState } from './incident.js';
import type { MergeMessage } from './merge.js';
import type { ScpChange, ScpOutcome, ScpState } from './quarantine-scp.js';
import type { Resolution } from './principal.js';
import type { Act, ActResult } from './task.js';

/** → incidentResponse, by signal-with-start in `openIncident`, or forwarded by an incident that joins. */
export const alertReceivedSignal = defineSignal<[Alert, Resolution]>('alertReceived');
/** containPrincipal → its incident: the whole view; a lower revision is ignored. */
export const containmentChangedSignal = defineSignal<[ContainmentView]>('containmentChanged');
/** Incident (or guard) → containPrincipal. */
export const containmentOrderSignal = defineSignal<[ContainmentOrder]>('containmentOrder');
/** incidentResponse → incidentResponse: both prove to be one incident. */
export const mergeSignal = defineSignal<[MergeMessage]>('merge');
/** People → incidentResponse. */
export const actUpdate = defineUpdate<ActResult, [Act]>('act');
/** Activities and CLI → responderGuard. */
export const guardUpdate = defineUpdate<GuardAnswer, [GuardRequest]>('guard');
/** Activities → quarantineScp: one entry more or less. */
export const scpUpdate = defineUpdate<ScpOutcome, [ScpChange]>('scpChange');
export const incidentQuery = defineQuery<IncidentState>('incident');
export const containmentQuery = defineQuery<ContainmentState>('containment');
export const scpQuery = defineQuery<ScpState>('scpState');
export const guardQuery = defineQuery<GuardState>('guardState');
