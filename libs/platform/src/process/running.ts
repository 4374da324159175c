// Starts parts in order and stops them in reverse order, also if a later part fails to start.

export type Running = {
  readonly url: string;
  /** Resolves when the process can no longer continue. */
  readonly failed: Promise<Error>;
  /** Stops all parts in order; resolves once nothing is running. */
  readonly stop: () => Promise<void>;
};

export type Print = (text: string) => void;
type Closer = () => Promise<unknown>;
export type OnStop = (close: Closer) => void;

/** `work` starts the parts one after the other and registers how each is closed. */
export async function startInOrder(
  work: (onStop: OnStop) => Promise<Pick<Running, 'url'> & Partial<Running>>,
): Promise<Running> {
  const closers: Closer[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    const started = await work((close) => closers.push(close));
    return { failed: new Promise<never>(() => undefined), ...started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
