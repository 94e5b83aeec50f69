import type { Operations } from '../server/operation.js';
import { attachmentOperations } from './attachment-operations.js';
import { policyOperations } from './policy-operations.js';
import { structureOperations } from './structure-operations.js';

/** The AWS Organizations calls the range answers, over the organization of the caller's account. */
export const organizationsOperations: Operations = { ...structureOperations, ...policyOperations, ...attachmentOperations };
