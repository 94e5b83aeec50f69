import { z } from 'zod';
import { AwsError } from '../aws-error.js';

/** What an identity provider says of somebody. */
export const Assertion = z.strictObject({
  /** ARN of the provider as IAM knows it. */
  provider: z.string(),
  subject: z.string().min(1),
  audience: z.string().default('sts.amazonaws.com'),
  /** Roles a SAML provider offers, by ARN; absent: any. */
  roles: z.array(z.string()).optional(),
});

/** A read assertion. */
export type Assertion = z.output<typeof Assertion>;

/** The range's identity provider: it vouches for anybody it is asked to, in the name of any provider. */
export interface IdentityProviderDesk {
  /** A SAML assertion or an OpenID Connect token, in one form: base64url JSON without a signature. */
  issue(assertion: z.input<typeof Assertion>): string;
}

/** The one identity provider of a range. */
export const identityProvider: IdentityProviderDesk = {
  issue: (assertion) => Buffer.from(JSON.stringify(Assertion.parse(assertion))).toString('base64url'),
};

/** Reads what `issue` wrote. @throws AwsError InvalidIdentityToken */
export function readAssertion(text: string): Assertion {
  try {
    return Assertion.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new AwsError('InvalidIdentityToken', 'The assertion or token that was passed could not be validated by AWS.');
  }
}
