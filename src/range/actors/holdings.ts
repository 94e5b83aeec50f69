import type { SignIn } from '../sso-admin/sign-in.js';

/** A person's session of the access portal: whoever has it signs in to her roles again and again. */
export type PortalSession = Omit<SignIn, 'at'>;

/** What the attacker has in his hands, kept by himself: the ground truth of what is held, whatever address he works from. */
export interface Holdings {
  /** The first one taken is what the alarm tells of, unless it is named as a mere means. */
  take(accessKeyId: string, as?: 'loot' | 'means'): void;
  takePortal(session: PortalSession): void;
  /** What he came in with; undefined until he has stolen it. */
  loot(): string | undefined;
  all(): ReadonlySet<string>;
  portal(): PortalSession | undefined;
}

/** Makes the holdings of somebody who has nothing yet. */
export function createHoldings(): Holdings {
  const held = new Set<string>();
  let loot: string | undefined;
  let portal: PortalSession | undefined;
  return {
    take: (accessKeyId, as = 'loot') => {
      held.add(accessKeyId);
      if (as === 'loot') loot ??= accessKeyId;
    },
    takePortal: (session) => {
      portal = session;
    },
    loot: () => loot,
    all: () => held,
    portal: () => portal,
  };
}
