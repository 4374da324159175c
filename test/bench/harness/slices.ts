// Contenders take turns in slices of one run, so that whatever else the machine does meets all of them alike.
import { cpuSeconds } from './cpu.js';
import type { Sample } from './statistics.js';

export type Contender = {
  readonly name: string;
  /** Works for about so long, and answers how many operations that were. */
  readonly slice: (milliseconds: number) => Promise<number>;
};

export type Rounds = { readonly rounds: number; readonly sliceMs: number; readonly postmaster: number };

/** The samples of each contender, round by round, in the contenders' order. One round more warms up and does not count. */
export async function alternate(
  contenders: readonly Contender[],
  { rounds, sliceMs, postmaster }: Rounds,
): Promise<readonly (readonly Sample[])[]> {
  const samples = contenders.map((): Sample[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { slice }] of contenders.entries()) {
      const sample = await measured(() => slice(sliceMs), postmaster);
      if (round > 0) samples[index]?.push(sample);
    }
  }
  return samples;
}

export async function measured(work: () => Promise<number>, postmaster: number): Promise<Sample> {
  const [cpuBefore, began] = [cpuSeconds(postmaster), performance.now()];
  const operations = await work();
  const seconds = (performance.now() - began) / 1000;
  return { operations, seconds, cpuSeconds: cpuSeconds(postmaster) - cpuBefore };
}

/** So many callers, each with one operation under way at a time. Answers how many operations were done. */
export async function runCallers(
  count: number,
  milliseconds: number,
  operation: (caller: number) => Promise<void>,
): Promise<number> {
  const end = performance.now() + milliseconds;
  let done = 0;
  const call = async (caller: number): Promise<void> => {
    while (performance.now() < end) {
      await operation(caller);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: count }, (_, caller) => call(caller)));
  return done;
}
