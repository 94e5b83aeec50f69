import type { Random } from '../random/random.js';

/** The states the range tells apart; changes between them take no time. */
export type InstanceState = 'running' | 'stopped' | 'terminated';

/** One virtual machine. Nothing runs in it. */
export type Ec2Instance = {
  readonly id: string;
  readonly reservationId: string;
  readonly region: string;
  readonly imageId: string;
  readonly type: string;
  readonly privateIp: string;
  readonly launchedAt: number;
  readonly clientToken: string | undefined;
  readonly profile: { readonly arn: string; readonly id: string } | undefined;
  readonly tags: ReadonlyMap<string, string>;
  state: InstanceState;
};

/** What a launch is asked for. */
export type Launch = Omit<Ec2Instance, 'id' | 'reservationId' | 'privateIp' | 'state'> & { readonly count: number };

/** The account's instances in all regions. A terminated one stays visible. */
export interface Instances {
  launch(launch: Launch): Ec2Instance[];
  inRegion(region: string): Ec2Instance[];
  all(): readonly Ec2Instance[];
}

const HEX = '0123456789abcdef';

/** Makes an account without instances. */
export function createInstances(random: Random): Instances {
  const instances: Ec2Instance[] = [];
  return {
    launch: ({ count, ...launch }) => {
      const reservationId = `r-${random.text(HEX, 17)}`;
      const made = Array.from({ length: count }, (_unused, index): Ec2Instance => ({
        ...launch,
        id: `i-${random.text(HEX, 17)}`,
        reservationId,
        privateIp: `172.31.16.${((instances.length + index) % 250) + 4}`,
        state: 'running',
      }));
      instances.push(...made);
      return made;
    },
    inRegion: (region) => instances.filter((instance) => instance.region === region),
    all: () => instances,
  };
}
