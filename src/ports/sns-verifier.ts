/** Checks that a message was signed by Amazon SNS. */
export interface SnsVerifier {
  verify(
    message: Readonly<Record<string, unknown>>,
  ): Promise<
    | { valid: true; type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'; topicArn: string }
    | { valid: false; reason: string }
  >;
  /** Follows a SubscriptionConfirmation's SubscribeURL, AWS hosts only. */
  confirm(message: Readonly<Record<string, unknown>>): Promise<void>;
}
