/** A session whose credentials can end early: AWS's clock, not ours, decides. */
export interface Expiring {
  /** Lets go of the credentials, so that the next request gets new ones. */
  forget(): void;
}

const EXPIRED: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException']);

type Next<Input extends object, Output> = (args: { input: Input; request?: unknown }) => Promise<Output>;

/** The one thing that is needed of an SDK client's middleware stack. */
interface Stack<Input extends object, Output> {
  add(
    middleware: (next: Next<Input, Output>) => Next<Input, Output>,
    options: { step: 'initialize'; priority: 'high'; name: string },
  ): void;
}

/**
 * Makes a client repeat a call once with new credentials when AWS says that they have expired. AWS refuses such a call before
 * it does anything, so this is safe for calls that are not idempotent, too.
 */
export function renewing<Input extends object, Output, Client>(
  client: Client & { readonly middlewareStack: Stack<Input, Output> },
  session: Expiring | undefined,
): Client {
  if (session !== undefined)
    client.middlewareStack.add(repeatExpired(session), { step: 'initialize', priority: 'high', name: 'renewExpired' });
  return client;
}

function repeatExpired(session: Expiring) {
  return <Input extends object, Output>(next: Next<Input, Output>): Next<Input, Output> =>
    async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (!(error instanceof Error) || !EXPIRED.has(error.name)) throw error;
        session.forget();
        return next(args);
      }
    };
}
