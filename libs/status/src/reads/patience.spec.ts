import { describe, expect, it } from '@jest/globals';
import { Problem } from '#platform';
import { patiently } from './patience.js';

const UNDERWAY = { done: 12, all: 130 };

describe('A reader who waits for the past', () => {
  it('is answered where it is worked out in time', async () => {
    await expect(patiently(Promise.resolve('violated'), () => UNDERWAY)).resolves.toBe('violated');
  });

  it('is told how far it is, and to come back, where that takes long', async () => {
    const never = Promise.withResolvers<string>().promise;
    const told: unknown = await patiently(never, () => UNDERWAY, 1).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(Problem);
    expect(told).toMatchObject({ status: 503, message: expect.stringContaining('12 of 130 chapters') });
  });

  it('goes on waiting where something else takes long', async () => {
    const [work, looked] = [Promise.withResolvers<string>(), Promise.withResolvers<undefined>()];
    const nothingUnderway = (): null => {
      looked.resolve(undefined);
      return null;
    };
    const answer = patiently(work.promise, nothingUnderway, 1);
    await looked.promise;
    work.resolve('holding');
    await expect(answer).resolves.toBe('holding');
  });

  it('meets the failure of the work', async () => {
    await expect(patiently(Promise.reject(new Error('no database')), () => null)).rejects.toThrow('no database');
  });
});
