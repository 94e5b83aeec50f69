import type { ContainmentState } from '../../contracts/containment.js';
import { cliCommand } from '../engine/containment-view.js';
import type { Artefact } from './artefacts.js';

/**
 * The exact AWS CLI commands that take an artefact off; `last` is the last containment of the principal, which knows
 * what stood there before. Where nobody knows, the command says what has to be filled in.
 */
export function undoCommands({ entity, measure, target }: Artefact, last: ContainmentState | undefined): string[] {
  const who = entity.kind === 'user' ? { UserName: entity.name } : { RoleName: entity.name };
  const kind = entity.kind === 'user' ? 'User' : 'Role';
  const before = last?.results.find((done) => done.measure === measure && (measure === 'closeTrust' || done.target === target))?.before;
  switch (measure) {
    case 'attachQuarantinePolicy':
      return [cliCommand({ api: `iam:Detach${kind}Policy`, params: { ...who, PolicyArn: target } })];
    case 'putBoundary':
      return [
        typeof before === 'string' && before !== target
          ? cliCommand({ api: `iam:Put${kind}PermissionsBoundary`, params: { ...who, PermissionsBoundary: before } })
          : cliCommand({ api: `iam:Delete${kind}PermissionsBoundary`, params: who }),
      ];
    case 'closeTrust':
      return [
        cliCommand({
          api: 'iam:UpdateAssumeRolePolicy',
          params: { ...who, PolicyDocument: typeof before === 'string' ? before : 'file://trust-policy-before.json' },
        }),
        ...(typeof before === 'string' ? [] : ['the trust policy of before is in the snapshot of the incident that closed it']),
      ];
    default:
      return [cliCommand({ api: `iam:Delete${kind}Policy`, params: { ...who, PolicyName: target } })];
  }
}
