import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Networks that are allowed though they are not public, as CIDR. */
export type AllowedNetworks = readonly string[];

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one of the public internet: not loopback, private, link-local (cloud metadata), carrier-grade
 * NAT, unique-local, multicast, reserved, documentation, nor an IPv6 form that hides an IPv4 address.
 */
export function isPublicAddress(address: string, allowed: AllowedNetworks = []): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (allowed.some((network) => within(parsed, network))) return true;
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === address.kind() && address.match(base, bits);
}
