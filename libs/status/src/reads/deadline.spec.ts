import { describe, expect, it } from '@jest/globals';
import { Problem } from '#platform';
import { withDeadline } from './deadline.js';

const UNDERWAY = { done: 12, all: 130 };

describe('A read that waits for the status history', () => {
  it('is answered when it is computed in time', async () => {
    await expect(withDeadline(Promise.resolve('violated'), () => UNDERWAY)).resolves.toBe('violated');
  });

  it('gets 503 with the progress at the deadline', async () => {
    const never = Promise.withResolvers<string>().promise;
    const told: unknown = await withDeadline(never, () => UNDERWAY, 1).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(Problem);
    expect(told).toMatchObject({ status: 503, message: expect.stringContaining('12 of 130 time buckets') });
  });

  it('keeps waiting when something else takes long', async () => {
    const [work, looked] = [Promise.withResolvers<string>(), Promise.withResolvers<undefined>()];
    const nothingUnderway = (): null => {
      looked.resolve(undefined);
      return null;
    };
    const answer = withDeadline(work.promise, nothingUnderway, 1);
    await looked.promise;
    work.resolve('holding');
    await expect(answer).resolves.toBe('holding');
  });

  it('gets the failure of the work', async () => {
    await expect(withDeadline(Promise.reject(new Error('no database')), () => null)).rejects.toThrow('no database');
  });
});
