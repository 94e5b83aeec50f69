/**
 * The network an address counts as: /24 of IPv4, /48 of IPv6. People and workloads move within one, thieves seldom are in the same.
 *
 * @returns undefined for what is no address, such as the name of an AWS service.
 */
export function networkOf(address: string): string | undefined {
  const [, v4] = /^(?:::ffff:)?((?:\d{1,3}\.){3})\d{1,3}$/i.exec(address) ?? [];
  if (v4 !== undefined) return `${v4}0/24`;
  if (!/^[\da-f:]{2,39}$/i.test(address) || !address.includes(':')) return undefined;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
  return groups.length === 8 ? `${groups.slice(0, 3).join(':')}::/48` : undefined;
}
