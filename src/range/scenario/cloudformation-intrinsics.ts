import { z } from 'zod';

/** What other resources see of one: by Ref and by GetAtt. */
export type References = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

/** What names in a template stand for. */
export type Names = {
  readonly accountId: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** By logical id. */
  readonly references: ReadonlyMap<string, References>;
};

const AttributeArguments = z.tuple([z.string(), z.string()]);
const JoinArguments = z.tuple([z.string(), z.array(z.unknown())]);

/** Replaces every intrinsic function in a value by what it gives. @throws Error for a function or name it does not know */
export type Resolve = (value: unknown) => unknown;

/** Makes the resolver of one deployment. */
export function resolver({ accountId, parameters, references }: Names): Resolve {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const ref = (name: string): string => {
    const value = pseudo[name] ?? parameters.get(name) ?? references.get(name)?.ref;
    if (value === undefined) throw new Error(`the template refers to ${name}, which is nowhere`);
    return value;
  };
  const attribute = (name: string, key: string): string => {
    const value = references.get(name)?.attributes[key];
    if (value === undefined) throw new Error(`the template asks for ${name}.${key}, which is nowhere`);
    return value;
  };
  const substitute = (text: string): string =>
    text
      // `${!x}` is a literal `${x}`: it is hidden from the second replacement.
      .replace(/\$\{(?!!)([^}]+)\}/g, (_whole, name: string) => {
        const [resource = '', key] = name.split('.');
        return key === undefined ? ref(name) : attribute(resource, key);
      })
      .replace(/\$\{!([^}]+)\}/g, '${$1}');

  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (argument) => ref(String(argument)),
    'Fn::GetAtt': (argument) => attribute(...AttributeArguments.parse(argument)),
    'Fn::Sub': (argument) => substitute(String(argument)),
    'Fn::Join': (argument) => {
      const [separator, parts] = JoinArguments.parse(argument);
      return parts.map((part) => String(resolve(part))).join(separator);
    },
  };

  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries: [string, unknown][] = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    const call = functions[name];
    if (entries.length === 1 && call !== undefined) return call(argument);
    if (entries.length === 1 && name.startsWith('Fn::')) throw new Error(`the range does not know the function ${name}`);
    return Object.fromEntries(entries.map(([key, member]) => [key, resolve(member)]));
  };
  return resolve;
}
