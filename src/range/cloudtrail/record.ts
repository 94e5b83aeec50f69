/** Who made a call, as CloudTrail writes it (CloudTrail user guide, "userIdentity element"). */
export type UserIdentity = {
  readonly type: 'IAMUser' | 'AssumedRole' | 'FederatedUser' | 'Root' | 'SAMLUser' | 'WebIdentityUser' | 'AWSAccount' | 'AWSService';
  /** Absent for an AWS service. */
  readonly principalId?: string;
  /** Absent for callers of another account (`AWSAccount`) and for AWS services, like the next but one. */
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  /** Who vouched for a `SAMLUser` or `WebIdentityUser`. */
  readonly identityProvider?: string;
  /** The AWS service that called on somebody's behalf. */
  readonly invokedBy?: string;
  readonly sessionContext?: {
    readonly sessionIssuer?: {
      readonly type: 'Role' | 'IAMUser';
      readonly principalId: string;
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: string };
    readonly sourceIdentity?: string;
    /** How an EC2 instance got the credentials: 1.0 or 2.0 is the version of its metadata service. */
    readonly ec2RoleDelivery?: string;
    /** `true` for a session of AssumeRoot (IAM user guide, "Track privileged tasks in AWS CloudTrail"). */
    readonly assumedRoot?: string;
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
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  /** What the call was about, in calls that hand out a role's credentials. */
  readonly resources?: readonly { readonly accountId: string; readonly type: string; readonly ARN: string }[];
  /** Joins the records of one call in two accounts. */
  readonly sharedEventID?: string;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly eventType: 'AwsApiCall';
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: 'Management';
  /** Absent when AWS itself called. */
  readonly tlsDetails?: { readonly tlsVersion: string; readonly cipherSuite: string; readonly clientProvidedHostHeader: string };
  /** Present on records that came late (CloudTrail record contents, "addendum"). */
  readonly addendum?: { readonly reason: 'DELIVERY_DELAY' };
};
