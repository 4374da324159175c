// A loop that must not end on failures: step after step, with a pause after each failure, until it is stopped.
import { setTimeout as sleep } from 'node:timers/promises';

export type RunLoopOptions = {
  /** Ends the loop, and a pause at once. A step in progress is awaited. */
  readonly signal: AbortSignal;
  /** Called before each step: true if there is nothing left to do. */
  readonly isOver?: () => boolean;
  /** Called with what the step threw, and the pause before the next one. */
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
