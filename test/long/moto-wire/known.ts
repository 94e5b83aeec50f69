/** A known reason why moto's answer to a step is not the range's. */
export type Known = {
  /** The steps in which it shows. */
  readonly steps: RegExp;
  /** The lines of `differencesOf`: what, then the range's and moto's. */
  readonly line: RegExp;
  /** Who answers as AWS does; `open` where AWS's documents do not say. */
  readonly right: 'range' | 'moto' | 'open';
  readonly why: string;
};

const ENCODED = /Document: %7B.* \| \{/;

/** Every known difference; one that shows no more fails the test, like one that is not listed. */
export const KNOWN: readonly Known[] = [
  {
    steps: /^create a user (with a space|on half a path)$/,
    line: /^answer: ValidationError 400 \| done$/,
    right: 'range',
    why: 'IAM API reference, CreateUser: patterns of UserName and Path. moto takes any.',
  },
  {
    steps: /^list (two of four users|the other two)$/,
    line: /^(IsTruncated|Marker|Users(\.[23]\.\w+)?): |^answer: done \| Error without status$/,
    right: 'range',
    why: 'IAM API reference, ListUsers, MaxItems. moto lists everybody at once.',
  },
  {
    steps: /^(list (keys|the other key|versions|instance profiles of the role)|get the group)$/,
    line: /^IsTruncated: false \| absent$/,
    right: 'range',
    why: 'IAM API reference: an element of each of these answers. moto leaves it out.',
  },
  {
    steps: /^(create a|get the) password$/,
    line: /^LoginProfile.PasswordResetRequired: true \| false$/,
    right: 'range',
    why: 'IAM API reference, CreateLoginProfile. moto forgets what was asked.',
  },
  {
    steps: /^get the group$/,
    line: /^Users.0.Tags/,
    right: 'open',
    why: 'IAM API reference, GetGroup, is silent about tags of its users.',
  },
  {
    steps: /^delete a (full group|user with a key|policy with versions)$|^delete an attached policy$/,
    line: /^answer: DeleteConflictException 409 \| done$/,
    right: 'range',
    why: 'IAM API reference, DeleteGroup, DeleteUser, DeletePolicy: what is in use or not empty stays. moto deletes it.',
  },
  {
    steps: /^create a policy/,
    line: /^Policy.Description: x? \| absent$/,
    right: 'open',
    why: 'IAM API reference, Policy: Description is answered by GetPolicy and not by ListPolicies; of CreatePolicy it says nothing.',
  },
  {
    steps: /^list own policies of the path$/,
    line: /^Policies.0.Description: x \| absent$/,
    right: 'moto',
    why: 'IAM API reference, Policy: Description is not answered by ListPolicies. The range answers it.',
  },
  {
    steps: /polic/,
    line: /PermissionsBoundaryUsageCount: 0 \| absent$/,
    right: 'range',
    why: 'IAM API reference, Policy. moto counts no boundaries.',
  },
  {
    steps: /^get the policy|instance profile/,
    line: /Tags: absent \| 0 of them$/,
    right: 'open',
    why: 'Whether AWS answers an empty list or none where nothing is tagged is not documented.',
  },
  {
    steps: /^(create version|list versions|age it)/,
    line: /Document: absent \| \{/,
    right: 'range',
    why: 'IAM API reference, PolicyVersion: Document is not answered by CreatePolicyVersion and ListPolicyVersions.',
  },
  {
    steps: /^(get a version|list roles|get the instance profile|list instance profiles of the role)/,
    line: ENCODED,
    right: 'range',
    why: 'IAM API reference, PolicyVersion, Role: documents are URL-encoded by RFC 3986. moto forgets it in some answers.',
  },
  {
    steps: /^create a role with a malformed trust$/,
    line: /^answer: MalformedPolicyDocumentException 400 \| done$/,
    right: 'range',
    why: 'IAM API reference, CreateRole. moto takes any text.',
  },
  {
    steps: /^list roles/,
    line: /^Roles.0.(Tags|PermissionsBoundary)/,
    right: 'moto',
    why: 'IAM API reference, ListRoles: does not answer PermissionsBoundary, RoleLastUsed and Tags. The range answers the first and the last.',
  },
  {
    steps: /^create a role to hold it$/,
    line: /^Role.Description: {2}\| absent$/,
    right: 'open',
    why: 'Whether AWS answers an empty description or none where none was given is not documented.',
  },
  {
    steps: /^put no policy as boundary$/,
    line: /^answer: NoSuchEntityException 404 \| done$/,
    right: 'range',
    why: 'IAM API reference, PutRolePermissionsBoundary. moto takes any ARN.',
  },
  {
    steps: /^take the role out again$/,
    line: /^answer: NoSuchEntityException 404 \| Error 500$/,
    right: 'range',
    why: 'IAM API reference, RemoveRoleFromInstanceProfile. moto breaks down.',
  },
  {
    steps: /^describe the organization$/,
    line: /^Organization.MasterAccountEmail: absent \|/,
    right: 'moto',
    why: 'Organizations API reference, Organization. The range plays no e-mail address of the management account.',
  },
  {
    steps: /account/,
    line: /^members: .*\| Arn Email Id JoinedMethod JoinedTimestamp Name State Status$/,
    right: 'moto',
    why: 'Organizations API reference, Account: JoinedTimestamp. The range leaves it out.',
  },
  {
    steps: /^create a malformed SCP$/,
    line: /^answer: MalformedPolicyDocumentException 400 \| done$/,
    right: 'range',
    why: 'Organizations API reference, CreatePolicy. moto takes any text.',
  },
  {
    steps: /^list SCPs/,
    line: /^full.Arn: arn:aws:organizations::aws:/,
    right: 'range',
    why: 'Organizations user guide: FullAWSAccess is an AWS managed policy. moto puts it into the account.',
  },
  {
    steps: /^(attach|detach) the SCP again$/,
    line: /^answer: (DuplicatePolicyAttachment|PolicyNotAttached)Exception 400 \| done$/,
    right: 'range',
    why: 'Organizations API reference, AttachPolicy, DetachPolicy. moto does it again.',
  },
  {
    steps: /^attach the SCP to nothing$/,
    line: /^answer: TargetNotFoundException 400 \| AccountNotFoundException 400$/,
    right: 'range',
    why: 'Organizations API reference, AttachPolicy, Errors.',
  },
];
