import { z } from 'zod';

const COMMON = {
  MessageId: z.string().min(1).max(100),
  TopicArn: z.string().regex(/^arn:(aws|aws-cn|aws-us-gov):sns:[a-z0-9-]{4,32}:\d{12}:[\w-]{1,256}(\.fifo)?$/),
  // 256 KiB is what SNS delivers at most, in bytes; characters are never more.
  Message: z.string().max(262_144),
  Timestamp: z.string().min(1).max(40),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().regex(/^[A-Za-z0-9+/]{40,1400}={0,2}$/),
  SigningCertURL: z.string().max(512),
};
const CONFIRMATION = { ...COMMON, Token: z.string().min(1).max(1_024), SubscribeURL: z.string().max(2_048) };

/** What SNS posts, as far as it is signed. Other fields are let through and mean nothing. */
export const SnsMessage = z.discriminatedUnion('Type', [
  z.object({ ...COMMON, Type: z.literal('Notification'), Subject: z.string().max(200).nullish() }),
  z.object({ ...CONFIRMATION, Type: z.literal('SubscriptionConfirmation') }),
  z.object({ ...CONFIRMATION, Type: z.literal('UnsubscribeConfirmation') }),
]);
export type SnsMessage = z.infer<typeof SnsMessage>;

/**
 * The text that SNS signs: names and values, each on a line, in the order of the names (SNS developer guide, "Verifying the
 * signatures of Amazon SNS messages"). A notification without a subject has no such lines.
 */
export function signedText(message: SnsMessage): string {
  const { Message, MessageId, Timestamp, TopicArn, Type } = message;
  const pairs: [string, string][] = [
    ['Message', Message],
    ['MessageId', MessageId],
    ...ownPairs(message),
    ['Timestamp', Timestamp],
    ...(message.Type === 'Notification' ? [] : ([['Token', message.Token]] satisfies [string, string][])),
    ['TopicArn', TopicArn],
    ['Type', Type],
  ];
  return pairs.map(([name, value]) => `${name}\n${value}\n`).join('');
}

function ownPairs(message: SnsMessage): [string, string][] {
  if (message.Type !== 'Notification') return [['SubscribeURL', message.SubscribeURL]];
  return typeof message.Subject === 'string' ? [['Subject', message.Subject]] : [];
}
