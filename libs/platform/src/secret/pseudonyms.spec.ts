import { describe, expect, it } from '@jest/globals';
import { Pseudonyms } from './pseudonyms.js';

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 7));

describe('A pseudonym', () => {
  it('is for ever what the log has of somebody: HMAC-SHA-256 of purpose and name', () => {
    expect(pseudonyms.monitor('abu-ali')).toBe('gKCLfv8cnJco-cd2mcJmq9');
    expect(pseudonyms.organisation('abu-ali')).toBe('PDU2wGb3pzmEWKcykk2K6c');
  });

  it('is the same when it is asked for again', () => {
    expect(pseudonyms.monitor('abu-ali')).toBe(pseudonyms.monitor('abu-ali'));
    expect(pseudonyms.monitor('abu-ali')).not.toBe(pseudonyms.monitor('umm-ali'));
  });

  it('is another under another key', () => {
    expect(new Pseudonyms(Buffer.alloc(32, 8)).monitor('abu-ali')).not.toBe(pseudonyms.monitor('abu-ali'));
  });
});

describe('A fingerprint', () => {
  it('does not depend on the order of members, and does on that of elements', () => {
    const golden = '7PKqfmFJWSKCwnmtjfY-UjIV8BN_JQKI7FiTpT_z0J0';
    expect(pseudonyms.fingerprint({ a: 1, b: [2] })).toBe(golden);
    expect(pseudonyms.fingerprint({ b: [2], a: 1 })).toBe(golden);
    expect(pseudonyms.fingerprint([1, 2])).not.toBe(pseudonyms.fingerprint([2, 1]));
  });
});
