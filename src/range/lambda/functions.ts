import { Facet } from '../facets/facet.js';

/** One Lambda function. Its code is not played. */
export type LambdaFunction = {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** The execution role's name. */
  readonly role: string;
  readonly roleArn: string;
  readonly modifiedAt: number;
  /** Reserved concurrent executions; undefined when it shares the account's. At 0 it does not run. */
  readonly concurrency: Facet<number | undefined>;
};

/** What a function is made of. */
export type NewFunction = Omit<LambdaFunction, 'arn' | 'concurrency'> & { readonly accountId: string };

/** The account's functions in all regions. */
export interface Functions {
  add(made: NewFunction): LambdaFunction;
  /** Sorted by name. */
  inRegion(region: string): LambdaFunction[];
  all(): readonly LambdaFunction[];
}

/** Makes an account without functions. */
export function createFunctions(): Functions {
  const functions: LambdaFunction[] = [];
  return {
    add: ({ accountId, ...made }) => {
      const arn = functionArn({ region: made.region, accountId, name: made.name });
      const added = { ...made, arn, concurrency: new Facet<number | undefined>(undefined) };
      functions.push(added);
      return added;
    },
    inRegion: (region) => functions.filter((one) => one.region === region).sort((left, right) => (left.name < right.name ? -1 : 1)),
    all: () => functions,
  };
}

/** The ARN of a function, whether or not it is there. */
export function functionArn({ region, accountId, name }: { region: string; accountId: string; name: string }): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}
