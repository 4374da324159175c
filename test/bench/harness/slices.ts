// Contenders run in alternating slices of one run, so that other load on the machine affects them equally.
import { cpuSeconds } from './cpu.js';
import type { Sample } from './statistics.js';

export type Contender = {
  readonly name: string;
  /** Works for about that long and returns the number of operations. */
  readonly slice: (milliseconds: number) => Promise<number>;
};

export type Rounds = { readonly rounds: number; readonly sliceMs: number; readonly postmaster: number };

/** The samples of each contender by round, in the contenders' order. An additional first round is a warm-up. */
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

/** Runs `count` callers, each with one operation at a time. Returns the number of finished operations. */
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
