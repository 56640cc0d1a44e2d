import { isIPv6 } from 'node:net';
import type { Request } from 'express';

/** Who calls, as far as the connection tells. */
export type Client = {
  ip: string;
  /** What limits count: the address, or the /64 of an IPv6 one. */ network: string;
  device: string;
};

const DEVICE_MAX = 200;

export function clientOf(req: Request): Client {
  const ip = (req.ip ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  return { ip, network: networkOf(ip), device: (req.get('user-agent') ?? 'unknown').slice(0, DEVICE_MAX) };
}

/** A household has a whole /64 of IPv6 addresses to choose from, so they count as one. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.split('%')[0]?.split('::') ?? [];
  const left = head.split(':').filter((group) => group !== '');
  const right = tail?.split(':').filter((group) => group !== '') ?? [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
