import { describe, expect, it } from '@jest/globals';
import { AddressGuard, isAddress } from './address-guard.js';

const nothingAllowed = new AddressGuard([]);

describe('the address guard', () => {
  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])(
    'permits https to the public address %s',
    (address) => {
      expect(nothingAllowed.permits('https:', address)).toBe(true);
    },
  );

  it('refuses http to a public address', () => {
    expect(nothingAllowed.permits('http:', '93.184.216.34')).toBe(false);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.8.9.10'],
    ['loopback', '::1'],
    ['loopback mapped into IPv6', '::ffff:127.0.0.1'],
    ['loopback in brackets', '[::1]'],
    ['private', '10.0.0.1'],
    ['private', '172.16.3.4'],
    ['private', '192.168.1.1'],
    ['private mapped into IPv6', '::ffff:10.0.0.1'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local, and metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['metadata in a public range', '168.63.129.16'],
    ['metadata in the carrier-grade NAT range', '100.100.100.200'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['an IPv4 address carried in IPv6', '64:ff9b::7f00:1'],
    ['an IPv4 address carried in IPv6', '2002:7f00:1::'],
    ['an IPv4 address carried in IPv6', '::7f00:1'],
    ['documentation', '192.0.2.1'],
    ['no address', 'example.org'],
  ])('refuses %s: %s', (_, address) => {
    expect(nothingAllowed.permits('https:', address)).toBe(false);
  });

  it('permits http and https to the addresses that the operator allows, and to no others', () => {
    const guard = new AddressGuard(['127.0.0.1', '10.1.0.0/16', 'fd00::/8']);
    expect(
      ['127.0.0.1', '10.1.200.3', 'fd12::1', '::ffff:127.0.0.1'].map((each) => guard.permits('http:', each)),
    ).toEqual([true, true, true, true]);
    expect(['127.0.0.2', '10.2.0.1', '::1'].map((each) => guard.permits('https:', each))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('names the entry of WEBHOOK_ALLOW that it cannot parse', () => {
    expect(() => new AddressGuard(['localhost'])).toThrow('WEBHOOK_ALLOW has "localhost"');
  });

  it('distinguishes an address from a name', () => {
    expect(['127.0.0.1', '[::1]', '::1', 'example.org'].map(isAddress)).toEqual([true, true, true, false]);
  });
});
