import { plainName } from './attack.js';
import type { LogRecord } from './log-record.js';
import { mintedBy } from './minted.js';
import { type Task, type Trace, usedCredential } from './trace.js';
import { listAt, textAt, valueAt } from './values.js';

/** Compute that holds a passed role. Made by the thief: its sessions are the thief's. Changed: exposed, weak. */
interface Compute {
  readonly sessionName: string;
  readonly role?: string | undefined;
  readonly strength: 'strong' | 'weak';
}

/** Follows instances and functions to the sessions of the role they were given (aws-domain 5.4, PassRole). */
export function followCompute(trace: Trace, { record, node }: Task): void {
  for (const compute of computeOf(record)) {
    for (const use of trace.index.bySessionName.get(compute.sessionName) ?? []) {
      const { key, issuerArn } = use.actor;
      if (key === undefined || use.at < record.at || (compute.role !== undefined && compute.role !== issuerArn)) continue;
      const found = { owner: 'thief' as const, node, provedBy: record.id, strength: compute.strength };
      trace.addCredential(usedCredential(use, key), found);
    }
    for (const call of trace.index.byName.get('AssumeRole') ?? []) {
      const minted = mintedBy(call);
      const isFor = call.actor.type === 'AWSService' && textAt(call.params, 'roleSessionName') === compute.sessionName;
      if (!isFor || minted === undefined || call.at < record.at) continue;
      if (compute.role !== undefined && compute.role !== textAt(call.params, 'roleArn')) continue;
      trace.addCredential(minted, { owner: 'thief', node, provedBy: call.id, strength: compute.strength, parent: compute.sessionName });
    }
  }
}

function computeOf(record: LogRecord): Compute[] {
  const name = plainName(record.name);
  if (name === 'RunInstances') {
    if (valueAt(record.params, 'iamInstanceProfile') === undefined) return [];
    return listAt(record.response, 'instancesSet').flatMap((item) => asCompute(textAt(item, 'instanceId'), undefined, 'strong'));
  }
  if (record.source !== 'lambda.amazonaws.com') return [];
  const role = textAt(record.params, 'role') ?? textAt(record.response, 'role');
  const functionName = textAt(record.params, 'functionName')?.replace(/^arn:.*:function:/, '');
  if (name === 'CreateFunction') return asCompute(functionName, role, 'strong');
  return /^UpdateFunction(Code|Configuration)$/.test(name) ? asCompute(functionName, role, 'weak') : [];
}

function asCompute(sessionName: string | undefined, role: string | undefined, strength: 'strong' | 'weak'): Compute[] {
  return sessionName === undefined ? [] : [{ sessionName, role, strength }];
}
