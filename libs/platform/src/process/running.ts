// What has been started is stopped in the reverse order, also where a later part of the start fails.

export type Running = {
  readonly url: string;
  /** Resolves where the process cannot go on by itself. */
  readonly failed: Promise<Error>;
  /** Ends all of it in order; resolves once nothing runs any more. */
  readonly stop: () => Promise<void>;
};

export type Print = (text: string) => void;
type Closer = () => Promise<unknown>;
export type OnStop = (close: Closer) => void;

/** `work` starts things one after the other and tells how each is closed. */
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
