/** Who made a call, as CloudTrail writes it (CloudTrail user guide, "userIdentity element"). */
export type UserIdentity = {
  readonly type: 'IAMUser' | 'AssumedRole' | 'FederatedUser';
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly userName?: string;
  readonly sessionContext?: {
    readonly sessionIssuer?: {
      readonly type: 'Role' | 'IAMUser';
      readonly principalId: string;
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: string };
  };
};

/** One management event, in CloudTrail's own field names. */
export type CloudTrailRecord = {
  readonly eventVersion: '1.09';
  readonly userIdentity: UserIdentity;
  /** Whole seconds, ISO 8601. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly eventType: 'AwsApiCall';
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: 'Management';
  readonly tlsDetails: { readonly tlsVersion: string; readonly cipherSuite: string; readonly clientProvidedHostHeader: string };
  /** Present on records that came late (CloudTrail record contents, "addendum"). */
  readonly addendum?: { readonly reason: 'DELIVERY_DELAY' };
};
