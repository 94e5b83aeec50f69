import type { Sighting } from './findings.js';

/** A type of finding with its severity (GuardDuty user guide, "GuardDuty IAM finding types") and its title. */
export type FindingType = {
  readonly name: string;
  readonly severity: number;
  /** What is said of the address. */
  readonly additionalInfo: object;
  readonly evidence?: object;
  readonly title: (sighting: Sighting) => string;
  readonly description: (sighting: Sighting) => string;
};

const LIST = 'known-scanners';

/** The findings that the range's attackers cause. */
export const FINDING_TYPES = {
  maliciousCaller: {
    name: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom',
    severity: 5,
    additionalInfo: { threatListName: LIST, threatName: 'Customer threat list' },
    evidence: { threatIntelligenceDetails: [{ threatListName: LIST, threatNames: [] }] },
    title: ({ api }) => `API ${api} was invoked from an IP address on a custom threat list.`,
    description: ({ api, address }) => `API ${api} was invoked from the IP address ${address} on the custom threat list ${LIST}.`,
  },
  instanceExfiltration: {
    name: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    severity: 8,
    additionalInfo: {},
    title: () => 'Credentials for an EC2 instance role were used from an external IP address.',
    description: ({ userName, address }) =>
      `Credentials created exclusively for an EC2 instance using instance role ${userName} have been used from the external IP address ${address}.`,
  },
  persistence: {
    name: 'Persistence:IAMUser/AnomalousBehavior',
    severity: 5,
    additionalInfo: {},
    title: ({ userType = 'IAMUser', userName }) =>
      `User ${userType} : ${userName} is anomalously invoking APIs commonly used in Persistence tactics.`,
    description: ({ userType = 'IAMUser', userName }) =>
      `APIs commonly used in Persistence tactics were invoked by user ${userType} : ${userName}, under unusual circumstances.`,
  },
} as const satisfies Record<string, FindingType>;
