// The loop of whatever must go on though it fails: step after step, with a pause after each failure, until it is stopped.
import { setTimeout as sleep } from 'node:timers/promises';

export type RunLoopOptions = {
  /** Ends the loop, and a pause at once; a step under way is waited for. */
  readonly signal: AbortSignal;
  /** Asked before each step: true where there is nothing left to do. */
  readonly isOver?: () => boolean;
  /** Told what the step threw, and in how many ms the next one is tried. */
  readonly onFailure: (error: unknown, pauseMs: number) => void;
  readonly firstPauseMs: number;
  /** Each failure in a row doubles the pause, up to this. */
  readonly longestPauseMs: number;
};

/** Resolves when `signal` aborts or `isOver`. */
export async function runLoop(
  step: () => Promise<void>,
  { signal, isOver = () => false, onFailure, firstPauseMs, longestPauseMs }: RunLoopOptions,
): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted && !isOver()) {
    try {
      await step();
      pauseMs = firstPauseMs;
    } catch (error) {
      onFailure(error, pauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
  }
}
