import type { Origin } from '../iam/credentials.js';
import type { Random } from '../random/random.js';

/** The states the range tells apart; changes between them take no time. */
export type InstanceState = 'running' | 'stopped' | 'terminated';

/** The instance profile of an instance. */
export type ProfileAssociation = {
  /** `iip-assoc-…`: a replacement has a new one. */
  readonly id: string;
  readonly profile: AssociatedProfile;
  readonly since: number;
};

/** An instance profile as EC2 refers to it. */
export type AssociatedProfile = { readonly arn: string; readonly id: string };

/** How the metadata service answers. */
export type MetadataOptions = {
  /** `required`: only with a session token (IMDSv2), which a server tricked into fetching a URL cannot get. */
  readonly tokens: 'optional' | 'required';
  readonly hopLimit: number;
  readonly endpoint: 'enabled' | 'disabled';
};

/** One virtual machine. Nothing runs in it. */
export type Ec2Instance = {
  readonly id: string;
  readonly reservationId: string;
  readonly region: string;
  readonly imageId: string;
  readonly type: string;
  readonly privateIp: string;
  readonly launchedAt: number;
  /** Undefined for what the scenario brought. */
  readonly launchedBy: Origin | undefined;
  readonly clientToken: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  state: InstanceState;
  association: ProfileAssociation | undefined;
  metadata: MetadataOptions;
  groups: readonly SecurityGroup[];
};

/** A security group. The range knows names only: no traffic flows. */
export type SecurityGroup = { readonly id: string; readonly name: string; readonly region: string };

/** What a launch is asked for. */
export type Launch = Omit<Ec2Instance, 'id' | 'reservationId' | 'privateIp' | 'state' | 'association' | 'groups'> & {
  readonly count: number;
  readonly profile: AssociatedProfile | undefined;
  /** The region's default group when absent. */
  readonly groups?: readonly SecurityGroup[];
};

/** The account's instances and security groups in all regions. A terminated instance stays visible. */
export interface Instances {
  launch(launch: Launch): Ec2Instance[];
  inRegion(region: string): Ec2Instance[];
  all(): readonly Ec2Instance[];
  /** Puts a profile in place of what there is. */
  associate(instance: Ec2Instance, change: { profile: AssociatedProfile; at: number }): ProfileAssociation;
  addGroup(group: SecurityGroup): void;
  /** A group of a region by id; every region has a default one. */
  group(region: string, id: string): SecurityGroup | undefined;
}

const HEX = '0123456789abcdef';

/** Makes an account without instances. */
export function createInstances(random: Random): Instances {
  const instances: Ec2Instance[] = [];
  const groups: SecurityGroup[] = [];
  const associations = random.fork('associations');

  const associate: Instances['associate'] = (instance, { profile, at }) => {
    const association = { id: `iip-assoc-${associations.text(HEX, 17)}`, profile, since: at };
    instance.association = association;
    return association;
  };
  const defaultGroup = (region: string): SecurityGroup => {
    const known = groups.find((group) => group.region === region && group.name === 'default');
    if (known !== undefined) return known;
    const made = { id: `sg-${random.fork(`default-group-${region}`).text(HEX, 17)}`, name: 'default', region };
    groups.push(made);
    return made;
  };

  return {
    associate,
    addGroup: (group) => void groups.push(group),
    group: (region, id) => [defaultGroup(region), ...groups].find((group) => group.region === region && group.id === id),
    launch: ({ count, profile, groups: wanted, ...launch }) => {
      const reservationId = `r-${random.text(HEX, 17)}`;
      const made = Array.from({ length: count }, (_unused, index): Ec2Instance => ({
        ...launch,
        id: `i-${random.text(HEX, 17)}`,
        reservationId,
        privateIp: `172.31.16.${((instances.length + index) % 250) + 4}`,
        state: 'running',
        association: undefined,
        groups: wanted ?? [defaultGroup(launch.region)],
      }));
      if (profile !== undefined) for (const instance of made) associate(instance, { profile, at: launch.launchedAt });
      instances.push(...made);
      return made;
    },
    inRegion: (region) => instances.filter((instance) => instance.region === region),
    all: () => instances,
  };
}
