// Where deliveries may go. A subscriber chooses the URL, so it must not become our hand inside our own network.
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = readonly [Address, number];

const UNICAST_V6: Cidr = ipaddr.parseCIDR('2000::/3');

// Azure's host service answers on an address that looks public.
const METADATA: readonly string[] = ['168.63.129.16'];

/** https may go to public addresses and to those that the operator allows; http to the latter alone. */
export class AddressGuard {
  readonly #allowed: readonly Cidr[];

  /** `allow`: addresses or CIDRs, as in WEBHOOK_ALLOW. Throws a sentence for one that is neither. */
  constructor(allow: readonly string[]) {
    this.#allowed = allow.map(parseAllowed);
  }

  /** `protocol` as in a URL: `https:` or `http:`. */
  permits(protocol: string, text: string): boolean {
    const bare = withoutBrackets(text);
    if (!ipaddr.isValid(bare)) return false;
    const address = ipaddr.process(bare);
    if (this.#allowed.some((cidr) => isWithin(address, cidr))) return true;
    return protocol === 'https:' && isPublic(address);
  }
}

/** True for a host that is an address and no name. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(withoutBrackets(host));
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

// Everything that ipaddr.js knows a special use of is refused: a list of what is dangerous would never be complete.
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || METADATA.includes(address.toString())) return false;
  return address.kind() === 'ipv4' || isWithin(address, UNICAST_V6);
}

function isWithin(address: Address, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function parseAllowed(text: string): Cidr {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new Error(`WEBHOOK_ALLOW has "${text}", which is neither an address nor a CIDR such as 10.1.0.0/16.`);
  }
}
