/**
 * Who the client is, behind `trustedHops` proxies that each append the address they were called from. What stands further
 * left in X-Forwarded-For was written by the client and means nothing.
 *
 * @param peer address of the TCP connection
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trustedHops: number): string {
  if (trustedHops === 0 || forwardedFor === undefined) return peer;
  const addresses = forwardedFor.split(',').map((address) => address.trim());
  return addresses[Math.max(0, addresses.length - trustedHops)] ?? peer;
}
