import { describe, expect, it } from '@jest/globals';
import { Pseudonyms } from './pseudonyms.js';

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 7));

describe('A pseudonym', () => {
  it('is HMAC-SHA-256 of purpose and name, which must never change: the log stores it', () => {
    expect(pseudonyms.monitor('abu-ali')).toBe('gKCLfv8cnJco-cd2mcJmq9');
    expect(pseudonyms.organisation('abu-ali')).toBe('PDU2wGb3pzmEWKcykk2K6c');
  });

  it('is the same when it is computed again', () => {
    expect(pseudonyms.monitor('abu-ali')).toBe(pseudonyms.monitor('abu-ali'));
    expect(pseudonyms.monitor('abu-ali')).not.toBe(pseudonyms.monitor('umm-ali'));
  });

  it('differs under another key', () => {
    expect(new Pseudonyms(Buffer.alloc(32, 8)).monitor('abu-ali')).not.toBe(pseudonyms.monitor('abu-ali'));
  });
});

describe('A fingerprint', () => {
  it('depends on the order of elements, but not on that of members', () => {
    const golden = '7PKqfmFJWSKCwnmtjfY-UjIV8BN_JQKI7FiTpT_z0J0';
    expect(pseudonyms.fingerprint({ a: 1, b: [2] })).toBe(golden);
    expect(pseudonyms.fingerprint({ b: [2], a: 1 })).toBe(golden);
    expect(pseudonyms.fingerprint([1, 2])).not.toBe(pseudonyms.fingerprint([2, 1]));
  });
});
