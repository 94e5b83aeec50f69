import { principalOf, type Bearer } from '../iam/credentials.js';
import { accountIdOf, arnOfBearer } from './context.js';

/** All principals that a resource policy may name and mean this caller; `arn:…:root` or the account id stands for everybody in an account. */
export function principalNames(bearer: Bearer): readonly string[] {
  const home = accountIdOf(bearer);
  return ['*', home, `arn:aws:iam::${home}:root`, ...ownNames(bearer)];
}

/** The principals that mean this caller alone: his user or role, and his session. */
export function ownNames(bearer: Bearer): readonly string[] {
  const arn = arnOfBearer(bearer);
  return [arn, principalOf(bearer)?.arn ?? arn];
}
