// Which addresses deliveries may go to. Subscribers choose the URL, so it must not reach into our own network (SSRF).
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = readonly [Address, number];

const UNICAST_V6: Cidr = ipaddr.parseCIDR('2000::/3');

// Azure's host service has an address in a public range.
const METADATA: readonly string[] = ['168.63.129.16'];

/** https may go to public addresses and to those that the operator allows; http only to the latter. */
export class AddressGuard {
  readonly #allowed: readonly Cidr[];

  /** `allow`: addresses or CIDRs, as in WEBHOOK_ALLOW. Throws where one is neither. */
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

/** True where the host is an address, not a name. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(withoutBrackets(host));
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

// Every range that ipaddr.js lists as special is refused: a list of dangerous ranges of our own would be incomplete.
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
