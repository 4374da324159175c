// Commands on the same streams of one log wait for each other within this process, instead of colliding in the log.

const turns = new WeakMap<object, Map<string, Promise<void>>>();

/** Runs `work` when all earlier work on any of these streams is over, whatever became of it. */
export async function withStreamLocks<T>(log: object, streams: readonly string[], work: () => Promise<T>): Promise<T> {
  const lasts = turns.get(log) ?? new Map<string, Promise<void>>();
  turns.set(log, lasts);
  // All places are taken at once, without waiting in between: so no two can wait for each other.
  const before = streams.map((stream) => lasts.get(stream) ?? Promise.resolve());
  let over = (): void => undefined;
  const turn = new Promise<void>((resolve) => {
    over = resolve;
  });
  for (const stream of streams) lasts.set(stream, turn);
  try {
    await Promise.all(before);
    return await work();
  } finally {
    over();
    for (const stream of streams) if (lasts.get(stream) === turn) lasts.delete(stream);
  }
}
