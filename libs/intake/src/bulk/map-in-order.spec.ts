import { describe, expect, it } from '@jest/globals';
import { mapInOrder } from './map-in-order.js';

async function* counting(to: number, request: number[] = []): AsyncGenerator<number, void> {
  for (let n = 1; n <= to; n += 1) {
    request.push(n);
    // The next one comes in a later tick, as from a socket.
    yield await Promise.resolve(n);
  }
}

/** A promise that the test resolves. */
function deferred(): { readonly kept: Promise<void>; readonly keep: () => void } {
  let keep = (): void => undefined;
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { kept, keep };
}

async function all<Out>(batches: AsyncIterable<readonly Out[]>): Promise<readonly Out[]> {
  const found: Out[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

describe('mapInOrder', () => {
  it('keeps the order, whichever is ready first', async () => {
    const slow = deferred();
    const answers = mapInOrder(counting(20), 8, async (n) => {
      if (n === 1) await slow.kept;
      if (n === 5) slow.keep();
      return n * 10;
    });
    expect(await all(answers)).toEqual(Array.from({ length: 20 }, (_, n) => (n + 1) * 10));
  });

  it('never runs more at a time than the window', async () => {
    let underWay = 0;
    let most = 0;
    const answers = mapInOrder(counting(100), 7, async (n) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return n;
    });
    expect(await all(answers)).toHaveLength(100);
    expect(most).toBe(7);
  });

  it('reads at most one input more than the window while nobody reads the answers', async () => {
    const request: number[] = [];
    const answers = mapInOrder(counting(1_000, request), 4, (n) => Promise.resolve(n));
    await answers.next();
    await new Promise(setImmediate);
    expect(request.length).toBeLessThanOrEqual(5);
  });

  it('yields an answer before the next input has come', async () => {
    const silence = deferred();
    const answers = mapInOrder(
      (async function* () {
        yield 1;
        await silence.kept;
        yield 2;
      })(),
      8,
      (n) => Promise.resolve(n),
    );
    expect((await answers.next()).value).toEqual([1]);
    silence.keep();
    expect((await answers.next()).value).toEqual([2]);
    expect((await answers.next()).done).toBe(true);
  });

  it('ends with what an answer throws, and stops reading inputs', async () => {
    const request: number[] = [];
    const answers = mapInOrder(counting(1_000, request), 4, (n) =>
      n === 3 ? Promise.reject(new Error('broken')) : Promise.resolve(n),
    );
    await expect(all(answers)).rejects.toThrow('broken');
    expect(request.length).toBeLessThan(20);
  });

  it('ends with what the input throws, after the answers so far', async () => {
    const found: number[] = [];
    const answers = mapInOrder(
      (async function* () {
        yield* counting(3);
        throw new Error('cut off');
      })(),
      8,
      (n) => Promise.resolve(n),
    );
    const reading = (async () => {
      for await (const batch of answers) found.push(...batch);
    })();
    await expect(reading).rejects.toThrow('cut off');
    expect(found).toEqual([1, 2, 3]);
  });

  it('yields nothing without inputs', async () => {
    expect(await all(mapInOrder(counting(0), 4, (n) => Promise.resolve(n)))).toEqual([]);
  });
});
