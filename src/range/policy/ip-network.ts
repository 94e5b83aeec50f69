import { BlockList, isIP } from 'node:net';

/** Whether an address lies in a network in CIDR form; a bare address is a network of one. */
export function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/');
  const family = isIP(base);
  const own = isIP(address);
  if (family === 0 || own !== family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), type);
  return list.check(address, type);
}
