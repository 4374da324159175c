import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { secretOf, signatureHeaders } from './signature.js';

const [one, other, third] = [1, 2, 3].map((byte) => secretOf(Buffer.alloc(32, byte))) as [string, string, string];
const body = JSON.stringify({ summary: { en: 'وادي بردى' } });

function signed(secrets: readonly string[]) {
  return signatureHeaders({ id: 'm1', seconds: Math.floor(Date.now() / 1_000), body }, secrets);
}

describe('a signature', () => {
  it('equals the one of the standardwebhooks package for the same secret', () => {
    const headers = signatureHeaders({ id: 'm1', seconds: 1_484_474_400, body }, [one]);
    expect(headers['webhook-signature']).toBe(new Webhook(one).sign('m1', new Date(1_484_474_400_000), body));
  });

  it('is accepted with either secret during a rotation, and with no other', () => {
    const headers = signed([one, other]);
    expect(new Webhook(one).verify(body, headers)).toEqual(JSON.parse(body));
    expect(new Webhook(other).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(third).verify(body, headers)).toThrow('No matching signature');
  });

  it('does not match another body', () => {
    expect(() => new Webhook(one).verify(`${body} `, signed([one]))).toThrow('No matching signature');
  });
});
