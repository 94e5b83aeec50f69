/**
 * API calls by the ATT&CK technique they serve: technique, then `service call call; service call …`.
 *
 * Derived from TrailDiscover by Adan Alvarez (github.com/adanalvarez/TrailDiscover, `docs/events.json` at f96cbdb059),
 * CC BY 4.0 (creativecommons.org/licenses/by/4.0). Changed: only names and techniques are kept, turned around; ids are those of
 * ATT&CK v19 (T1562.007 is T1686.001, T1562.008 is T1685.002, the rest of T1562 and T1089 are given as T1685); the rows of the backdoor checklist
 * (aws-domain 6) are added; API dates and versions are cut off.
 */
export const ATTACK_CALLS: readonly (readonly [technique: string, calls: string])[] = [
  ['T1005', 'ec2 CreateInstanceExportTask'],
  [
    'T1021',
    'ec2 AttachVolume AuthorizeSecurityGroupIngress CreateSecurityGroup CreateSnapshot CreateVolume EnableSerialConsoleAccess RunInstances; ec2-instance-connect SendSSHPublicKey SendSerialConsoleSSHPublicKey; signin SwitchRole; ssm ResumeSession SendCommand StartSession',
  ],
  ['T1021.001', 'ec2 CreateSecurityGroup'],
  [
    'T1021.004',
    'ec2 AuthorizeSecurityGroupIngress CreateSecurityGroup; ec2-instance-connect SendSSHPublicKey SendSerialConsoleSSHPublicKey',
  ],
  ['T1021.007', 'ec2 AttachVolume AuthorizeSecurityGroupIngress CreateVolume'],
  ['T1021.008', 'ec2 EnableSerialConsoleAccess'],
  ['T1040', 'acm-pca GetCertificate IssueCertificate'],
  ['T1048', 'ec2 AuthorizeSecurityGroupEgress; s3 GetObject PutBucketAcl PutBucketPolicy'],
  ['T1059', 'cloudshell CreateSession'],
  ['T1059.009', 'cloudshell CreateSession'],
  ['T1069', 'aoss ListAccessPolicies'],
  [
    'T1070',
    'ec2 TerminateInstances; iam DeleteAccessKey DeleteLoginProfile DeleteUser; organizations LeaveOrganization; ses DeleteIdentity',
  ],
  ['T1070.004', 'ec2 TerminateInstances'],
  ['T1074', 'ec2 CreateRoute CreateTrafficMirrorFilter CreateTrafficMirrorFilterRule CreateTrafficMirrorSession CreateTrafficMirrorTarget'],
  ['T1074.002', 'ec2 CreateTrafficMirrorFilter'],
  [
    'T1078',
    'cognito-identity GetCredentialsForIdentity GetId; iam ChangePassword CreateAccessKey CreateLoginProfile; signin ConsoleLogin GetSigninToken PasswordRecoveryRequested; sts AssumeRole GetFederationToken',
  ],
  ['T1078.001', 'cognito-identity GetCredentialsForIdentity GetId; iam CreateLoginProfile'],
  ['T1078.002', 'cognito-identity GetCredentialsForIdentity GetId'],
  ['T1078.003', 'cognito-identity GetCredentialsForIdentity'],
  [
    'T1078.004',
    'cognito-identity GetCredentialsForIdentity GetId; iam ChangePassword CreateAccessKey CreateLoginProfile; signin ConsoleLogin GetSigninToken; sts AssumeRole',
  ],
  [
    'T1087',
    'iam GetAccountAuthorizationDetails GetLoginProfile GetUser ListAccessKeys ListAccountAliases ListAttachedRolePolicies ListAttachedUserPolicies ListGroups ListGroupsForUser ListInstanceProfiles ListOpenIDConnectProviders ListRolePolicies ListRoles ListSAMLProviders ListSSHPublicKeys ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies ListUsers SimulatePrincipalPolicy; resource-explorer-2 Search; servicequotas ListServiceQuotas; ses GetAccount GetAccountSendingEnabled ListEmailIdentities ListIdentities; sts GetCallerIdentity',
  ],
  [
    'T1087.004',
    'iam GetAccountAuthorizationDetails GetLoginProfile GetUser ListAccessKeys ListAccountAliases ListAttachedRolePolicies ListAttachedUserPolicies ListGroups ListGroupsForUser ListInstanceProfiles ListUsers; ses GetAccount; sts GetCallerIdentity',
  ],
  [
    'T1098',
    'account DeleteAlternateContact PutAlternateContact; agreement-marketplace AcceptAgreementRequest; ec2 AuthorizeSecurityGroupIngress CreateDefaultVpc CreateKeyPair CreateNetworkAclEntry CreateSecurityGroup ImportKeyPair ModifyInstanceAttribute ReplaceIamInstanceProfileAssociation RunInstances StartInstances; ecr SetRepositoryPolicy; eks AssociateAccessPolicy CreateAccessEntry; glue CreateDevEndpoint CreateJob UpdateDevEndpoint UpdateJob; iam AddRoleToInstanceProfile AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateGroup CreateLoginProfile CreatePolicy CreatePolicyVersion CreateServiceLinkedRole DeleteRolePermissionsBoundary DeleteRolePolicy DeleteUserPermissionsBoundary DeleteUserPolicy DetachRolePolicy DetachUserPolicy PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy PutUserPermissionsBoundary PutUserPolicy SetDefaultPolicyVersion UpdateAccessKey UpdateAssumeRolePolicy UpdateLoginProfile UpdateSAMLProvider; kms CreateGrant PutKeyPolicy; lambda AddPermission CreateEventSourceMapping CreateFunction CreateFunctionUrlConfig UpdateEventSourceMapping UpdateFunctionCode UpdateFunctionConfiguration; secretsmanager PutResourcePolicy; sns SetTopicAttributes; sqs SetQueueAttributes; sso CreateAccountAssignment UpdateSsoConfiguration; sso-directory AddMemberToGroup CreateGroup CreateUser',
  ],
  [
    'T1098.001',
    'ec2 CreateKeyPair ImportKeyPair; iam AcceptDelegationRequest AddRoleToInstanceProfile ChangePassword CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential EnableOutboundWebIdentityFederation ResetServiceSpecificCredential SendDelegationToken UpdateAccessKey UpdateLoginProfile; sso-directory AddMemberToGroup CreateUser',
  ],
  [
    'T1098.003',
    'ec2 ReplaceIamInstanceProfileAssociation; iam AcquireRole AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateGroup CreatePolicy CreatePolicyVersion CreateRole DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary PutGroupPolicy PutRolePolicy PutUserPolicy SetDefaultPolicyVersion UpdateAssumeRolePolicy; sso AttachManagedPolicyToPermissionSet CreateAccountAssignment CreatePermissionSet PutInlinePolicyToPermissionSet; sso-directory CreateGroup',
  ],
  ['T1098.004', 'ec2 CreateKeyPair ImportKeyPair; ec2-instance-connect SendSSHPublicKey; iam UploadSSHPublicKey UploadSigningCertificate'],
  ['T1119', 'cloudfront CreateFunction PublishFunction UpdateDistribution; lambda UpdateFunctionCode'],
  ['T1133', 'ec2 CreateNetworkAclEntry; lambda CreateFunctionUrlConfig'],
  [
    'T1136',
    'apigateway CreateApi CreateIntegration CreateRoute CreateStage; iam ChangePassword CreateAccessKey CreateOpenIDConnectProvider CreateRole CreateSAMLProvider CreateUser; sso StartSSO',
  ],
  ['T1136.001', 'iam CreateUser'],
  [
    'T1136.003',
    'apigateway CreateApi CreateIntegration CreateRoute CreateStage; iam CreateAccessKey CreateOpenIDConnectProvider CreateRole CreateSAMLProvider CreateUser; identitystore CreateUser; sso-directory CreateUser',
  ],
  ['T1199', 'sts AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetSessionToken'],
  [
    'T1484.002',
    'iam AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider CreateSAMLProvider UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider; rolesanywhere CreateProfile CreateTrustAnchor EnableTrustAnchor UpdateTrustAnchor',
  ],
  [
    'T1485',
    'ec2 DeleteSnapshot DeleteVolume TerminateInstances; elasticfilesystem DeleteFileSystem DeleteMountTarget; kms ScheduleKeyDeletion; rds DeleteDBCluster DeleteDBInstance DeleteGlobalCluster; s3 DeleteBucket DeleteObject PutBucketLifecycle; sqs PurgeQueue',
  ],
  ['T1486', 'kms CreateKey DisableKey Encrypt GenerateDataKeyWithoutPlaintext PutKeyPolicy ScheduleKeyDeletion; s3 PutBucketEncryption'],
  ['T1489', 'events DeleteRule DisableRule PutRule RemoveTargets'],
  ['T1490', 's3 PutBucketVersioning'],
  [
    'T1496',
    'autoscaling CreateAutoScalingGroup; bedrock CreateFoundationModelAgreement InvokeModel InvokeModelWithResponseStream PutFoundationModelEntitlement PutUseCaseForModelAccess; cloudformation CreateStack; ec2 CreateDefaultVpc CreateLaunchTemplate RunInstances StartInstances; ecs CreateCluster CreateService RegisterTaskDefinition; lambda CreateFunction Invoke UpdateFunctionCode; lightsail CreateInstances; route53 ChangeResourceRecordSets CreateHostedZone; route53domains RegisterDomain; servicequotas RequestServiceQuotaIncrease; ses CreateEmailIdentity SendEmail UpdateAccountSendingEnabled VerifyEmailIdentity; sns Publish',
  ],
  ['T1496.001', 'ec2 RequestSpotInstances RunInstances'],
  [
    'T1496.004',
    'bedrock CreateFoundationModelAgreement InvokeModel InvokeModelWithResponseStream PutFoundationModelEntitlement; ses CreateEmailIdentity PutAccountDetails PutEmailIdentityPolicy SendEmail VerifyEmailIdentity',
  ],
  ['T1499', 'ec2 StopInstances'],
  [
    'T1526',
    'appsync GetIntrospectionSchema; ce GetCostAndUsage GetCostForecast; ecr DescribeImages DescribeRepositories; elasticloadbalancing DescribeListeners DescribeLoadBalancers; events ListRules ListTargetsByRule; guardduty GetDetector GetFindings ListDetectors ListFindings ListIPSets; health DescribeEventAggregates DescribeEvents; kms DescribeKey; lambda GetFunction GetFunctionConfiguration ListFunctions; monitoring DescribeAlarms DescribeAlarmsForMetric; organizations DescribeOrganization ListAccounts ListOrganizationalUnitsForParent; s3 GetBucketAccelerateConfiguration GetBucketAcl GetBucketLifecycle GetBucketLocation GetBucketLogging GetBucketOwnershipControls GetBucketPolicy GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetObjectLockConfiguration GetPublicAccessBlock ListBuckets; servicecatalog-appregistry ListApplications; ses GetIdentityVerificationAttributes; ssm GetParameters',
  ],
  ['T1528', 'ecr GetAuthorizationToken'],
  ['T1530', 'ecr BatchGetImage; s3 DeleteBucketPublicAccessBlock PutBucketAcl PutBucketPolicy'],
  ['T1535', 'organizations CreateAccount InviteAccountToOrganization'],
  [
    'T1537',
    'ec2 CreateImage CreateInstanceExportTask CreateSnapshot ModifyImageAttribute ModifySnapshotAttribute SharedSnapshotCopyInitiated SharedSnapshotVolumeCreated; rds CreateDBSecurityGroup CreateDBSnapshot ModifyDBSnapshotAttribute StartExportTask; s3 JobCreated PutBucketPolicy PutBucketReplication PutBucketVersioning; transfer CreateServer CreateUser',
  ],
  ['T1546', 'events PutPermission PutRule PutTargets; scheduler CreateSchedule'],
  ['T1550', 'rds ModifyDBInstance; sts AssumeRoleWithWebIdentity'],
  ['T1552', 'ssm GetParameters'],
  ['T1555', 'ec2 GetPasswordData; secretsmanager DescribeSecret GetSecretValue ListSecrets'],
  [
    'T1555.006',
    'ec2 GetPasswordData; secretsmanager BatchGetSecretValue DescribeSecret GetSecretValue; ssm GetParameter GetParameters GetParametersByPath',
  ],
  ['T1556', 'appsync CreateApiKey UpdateGraphqlApi UpdateResolver; rds ModifyDBInstance'],
  ['T1556.006', 'iam CreateVirtualMFADevice DeactivateMFADevice EnableMFADevice'],
  ['T1565', 's3 PutObject'],
  ['T1565.001', 's3 PutObject'],
  ['T1567', 'ses SendEmail'],
  [
    'T1578',
    'appsync CreateApiKey UpdateGraphqlApi UpdateResolver; ec2 StopInstances; elasticloadbalancing CreateRule; events DeleteRule DisableRule PutRule RemoveTargets; iam DeleteAccessKey DeleteLoginProfile DeleteUser DeleteUserPolicy DetachRolePolicy DetachUserPolicy; lightsail CreateInstances; rds AuthorizeDBSecurityGroupIngress ModifyActivityStream; s3 DeleteBucketPolicy; ses DeleteIdentity PutAccountDetails; support CreateCase',
  ],
  ['T1578.002', 'ec2 RequestSpotInstances RunInstances; lightsail CreateInstances'],
  ['T1578.003', 'ec2 StopInstances'],
  ['T1578.005', 'ec2 AssociateIamInstanceProfile; iam AddRoleToInstanceProfile; ses PutAccountDetails; support CreateCase'],
  [
    'T1580',
    'agreement-marketplace SearchAgreements; aoss ListCollections; athena GetQueryResults; bedrock GetFoundationModelAvailability GetKnowledgeBase GetModelInvocationLoggingConfiguration GetUseCaseForModelAccess InvokeModel ListAgents ListCustomModels ListFoundationModelAgreementOffers ListFoundationModels ListInferenceProfiles ListKnowledgeBases ListModelInvocationJobs ListProvisionedModelThroughputs; discovery-marketplace GetListingView; ec2 DescribeAccountAttributes DescribeAvailabilityZones DescribeBundleTasks DescribeCarrierGateways DescribeClientVpnRoutes DescribeDhcpOptions DescribeFlowLogs DescribeHosts DescribeImages DescribeInstanceAttribute DescribeInstanceStatus DescribeInstanceTypes DescribeInstances DescribeInternetGateways DescribeKeyPairs DescribeLaunchTemplates DescribeNetworkInterfaces DescribeRegions DescribeRouteTables DescribeSecurityGroups DescribeSnapshotAttribute DescribeSnapshotTierStatus DescribeSnapshots DescribeSubnets DescribeTags DescribeTransitGatewayMulticastDomains DescribeVolumeStatus DescribeVolumes DescribeVolumesModifications DescribeVpcEndpointConnectionNotifications DescribeVpcs GetConsoleScreenshot GetEbsDefaultKmsKeyId GetEbsEncryptionByDefault GetFlowLogsIntegrationTemplate GetLaunchTemplateData GetTransitGatewayRouteTableAssociations; eks DescribeAccessEntry DescribeCluster ListAssociatedAccessPolicies ListClusters; lightsail GetInstances GetRegions; logs DescribeLogGroups DescribeLogStreams DescribeSubscriptionFilters GetLogRecord; rds DescribeBlueGreenDeployments DescribeDBClusters DescribeDBEngineVersions DescribeDBInstances DescribeDBProxies DescribeDBSnapshots DescribeDBSubnetGroups DescribeExportTasks DescribeGlobalClusters DescribeOrderableDBInstanceOptions DescribePendingMaintenanceActions DescribeValidDBInstanceModifications; route53 GetHostedZoneCount; route53domains ListDomains; sagemaker ListEndpoints ListModels ListTrainingJobs; servicequotas GetServiceQuota; ses GetSendQuota; sns GetSMSAttributes GetSMSSandboxAccountStatus ListOriginationNumbers ListSubscriptions ListTopics; ssm DescribeInstanceInformation',
  ],
  ['T1619', 'glacier ListVaults; s3 HeadObject ListObjects'],
  [
    'T1648',
    'lambda AddLayerVersionPermission AddPermission CreateFunction CreateFunctionUrlConfig UpdateFunctionCode UpdateFunctionConfiguration',
  ],
  ['T1651', 'ssm CreateActivation CreateAssociation CreateDocument ResumeSession SendCommand StartSession'],
  ['T1654', 'cloudtrail LookupEvents'],
  [
    'T1666',
    'organizations DetachPolicy EnableOrganizationsRootSessions InviteAccountToOrganization LeaveOrganization RegisterDelegatedAdministrator UpdatePolicy',
  ],
  [
    'T1685',
    'cloudtrail DeleteTrail PutEventSelectors StopLogging UpdateTrail; config DeleteConfigRule DeleteConfigurationRecorder DeleteDeliveryChannel StopConfigurationRecorder; ec2 DeleteFlowLogs DeleteNetworkAcl DeleteNetworkAclEntry; guardduty CreateFilter CreateIPSet DeleteDetector DeleteInvitations DeleteMembers DeletePublishingDestination DisassociateFromMasterAccount DisassociateMembers StopMonitoringMembers UpdateDetector UpdateIPSet; iam DeactivateMFADevice; logs CreateLogStream DeleteLogGroup DeleteLogStream PutLogEvents; monitoring DeleteAlarms; securityhub DeleteMembers; wafv2 DeleteRuleGroup DeleteWebACL UpdateIPSet',
  ],
  [
    'T1685.002',
    'access-analyzer DeleteAnalyzer; cloudtrail DeleteTrail PutEventSelectors StopLogging UpdateTrail; config StopConfigurationRecorder; ec2 DeleteFlowLogs; guardduty CreateFilter DeleteDetector StopMonitoringMembers UpdateDetector; logs PutLogEvents; securityhub DisableSecurityHub',
  ],
  ['T1686.001', 'ec2 AuthorizeSecurityGroupIngress DeleteNetworkAcl; wafv2 DeleteRuleGroup DeleteWebACL UpdateIPSet'],
];
