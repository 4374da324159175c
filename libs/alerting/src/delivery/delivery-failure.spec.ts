import { describe, expect, it } from '@jest/globals';
import type { CallOutcome } from '../webhook/webhook-client.js';
import { backoffMs } from './backoff.js';
import { failureOf, isDelivered } from './delivery-failure.js';

const at = '2017-01-15T10:00:00.000Z';
const attempt = { at, attempts: 1, failingSince: null, random: 1 };

function answered(status: number, headers: Readonly<Record<string, string>> = {}): CallOutcome {
  return { kind: 'answered', status, header: (name) => headers[name] ?? null };
}

describe('the backoff', () => {
  it('doubles up to ten minutes, with up to half of it random', () => {
    const seconds = [1, 2, 3, 4, 11, 1_000].map((attempts) => [backoffMs(attempts, 0), backoffMs(attempts, 1)]);
    expect(seconds).toEqual([
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [4_000, 8_000],
      [300_000, 600_000],
      [300_000, 600_000],
    ]);
  });
});

describe('a call', () => {
  it('is delivered with a 2xx status, and with no other', () => {
    expect([200, 204, 299, 301, 400, 410, 503].map((status) => isDelivered(answered(status)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isDelivered({ kind: 'unreached', error: 'no answer in time' })).toBe(false);
  });

  it('that failed is retried after the backoff', () => {
    expect(failureOf(answered(500), attempt)).toEqual({
      at,
      nextAttempt: '2017-01-15T10:00:01.000Z',
      status: 500,
      error: 'answered with 500',
      pause: null,
    });
  });

  it.each([
    ['120', '2017-01-15T10:02:00.000Z'],
    ['Sun, 15 Jan 2017 10:05:00 GMT', '2017-01-15T10:05:00.000Z'],
    ['Sun, 15 Jan 2017 09:00:00 GMT', '2017-01-15T10:00:01.000Z'],
    ['99999999', '2017-01-16T10:00:00.000Z'],
    ['soon', '2017-01-15T10:00:01.000Z'],
  ])('that was answered with Retry-After: %s is retried at %s', (header, nextAttempt) => {
    expect(failureOf(answered(503, { 'retry-after': header }), attempt)).toMatchObject({ nextAttempt });
  });

  it('that was redirected tells the owner what to do', () => {
    expect(failureOf(answered(302), attempt).error).toContain('redirects are not followed');
  });

  it('pauses the subscription when the receiver is gone', () => {
    expect(failureOf(answered(410), attempt)).toMatchObject({ pause: 'gone' });
  });

  it('pauses the subscription when no delivery has succeeded for five days', () => {
    const since = (failingSince: string) => failureOf(answered(500), { ...attempt, failingSince }).pause;
    expect(since('2017-01-10T10:00:00.001Z')).toBeNull();
    expect(since('2017-01-10T10:00:00.000Z')).toBe('failing');
  });
});
