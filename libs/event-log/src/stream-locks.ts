// A mutex per stream: commands of this process on the same streams run one at a time instead of colliding in the log.

const locks = new WeakMap<object, Map<string, Promise<void>>>();

/** Runs `work` once all earlier work on any of these streams has settled. */
export async function withStreamLocks<T>(log: object, streams: readonly string[], work: () => Promise<T>): Promise<T> {
  const tails = locks.get(log) ?? new Map<string, Promise<void>>();
  locks.set(log, tails);
  // All locks are queued for in one step, without an await in between, so no two callers can deadlock.
  const earlier = streams.map((stream) => tails.get(stream) ?? Promise.resolve());
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  for (const stream of streams) tails.set(stream, held);
  try {
    await Promise.all(earlier);
    return await work();
  } finally {
    release();
    for (const stream of streams) if (tails.get(stream) === held) tails.delete(stream);
  }
}
