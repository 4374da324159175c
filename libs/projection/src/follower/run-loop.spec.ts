import { describe, expect, it } from '@jest/globals';
import { runLoop } from './run-loop.js';

const HOUR_MS = 3_600_000;

type Outcome = 'succeeds' | 'fails';

/** Runs a step for each outcome; returns what was reported. */
async function go(...outcomes: readonly Outcome[]): Promise<readonly (readonly [string, number])[]> {
  const reported: [string, number][] = [];
  const left = outcomes.entries();
  let taken = 0;
  await runLoop(
    () => {
      taken += 1;
      const [index, outcome] = left.next().value ?? [0, 'succeeds'];
      return outcome === 'succeeds' ? Promise.resolve() : Promise.reject(new Error(`step ${index + 1}`));
    },
    {
      signal: new AbortController().signal,
      isOver: () => taken === outcomes.length,
      onFailure: (error, pauseMs) => reported.push([(error as Error).message, pauseMs]),
      firstPauseMs: 1,
      longestPauseMs: 5,
    },
  );
  return reported;
}

describe('runLoop', () => {
  it('continues after a failure, with a pause that grows up to a limit', async () => {
    expect(await go('fails', 'fails', 'fails', 'fails', 'fails')).toEqual([
      ['step 1', 1],
      ['step 2', 2],
      ['step 3', 4],
      ['step 4', 5],
      ['step 5', 5],
    ]);
  });

  it('starts with the short pause again after a success', async () => {
    expect(await go('fails', 'fails', 'succeeds', 'fails')).toEqual([
      ['step 1', 1],
      ['step 2', 2],
      ['step 4', 1],
    ]);
  });

  it('runs no step if it is over or stopped from the start', async () => {
    let taken = 0;
    const step = () => {
      taken += 1;
      return Promise.resolve();
    };
    const parts = { onFailure: () => undefined, firstPauseMs: 1, longestPauseMs: 1 };
    await runLoop(step, { ...parts, signal: AbortSignal.abort() });
    await runLoop(step, { ...parts, signal: new AbortController().signal, isOver: () => true });
    expect(taken).toBe(0);
  });

  it('ends a pause when it is stopped', async () => {
    const stopping = new AbortController();
    let taken = 0;
    await runLoop(
      () => {
        taken += 1;
        return Promise.reject(new Error('never mind'));
      },
      {
        signal: stopping.signal,
        onFailure: () =>
          setImmediate(() => {
            stopping.abort();
          }),
        firstPauseMs: HOUR_MS,
        longestPauseMs: HOUR_MS,
      },
    );
    expect(taken).toBe(1);
  });

  it('awaits the step in progress when it is stopped', async () => {
    const stopping = new AbortController();
    let isWritten = false;
    await runLoop(
      async () => {
        stopping.abort();
        await new Promise(setImmediate);
        isWritten = true;
      },
      { signal: stopping.signal, onFailure: () => undefined, firstPauseMs: 1, longestPauseMs: 1 },
    );
    expect(isWritten).toBe(true);
  });
});
