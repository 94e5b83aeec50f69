import { z } from 'zod';
import { Id, Instant } from './primitives.js';

/** Input of the activities `notifyTeam` and `recordBreach`. `notificationId` makes a repeat harmless. */
export const Notification = z.strictObject({
  notificationId: Id,
  incidentId: Id,
  team: Id,
  kind: z.enum(['page', 'warning', 'breach', 'task', 'news']),
  title: z.string(),
  lines: z.array(z.string()),
  at: Instant,
});
export type Notification = z.infer<typeof Notification>;

/** Which channel took it, after which ones failed; `skipped` are channels of the team that this installation has not. */
export const NotifyResult = z.strictObject({
  channel: z.string(),
  failed: z.array(z.string()),
  people: z.array(z.string()),
  skipped: z.array(z.string()).optional(),
});
export type NotifyResult = z.infer<typeof NotifyResult>;
