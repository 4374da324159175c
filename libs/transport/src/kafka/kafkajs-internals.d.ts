// What we know of kafkajs beneath its types: see quiet-queue.ts.
declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** One for each connection to a broker: what was asked and not answered yet, and what waits to be asked. */
  export type RequestQueue = {
    readonly pending: readonly unknown[];
    /** Until when the broker wants to be left alone, in milliseconds since 1970; -1: not at all. */
    readonly throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  };
  const requestQueueClass: { readonly prototype: RequestQueue; new (options: object): RequestQueue };
  export default requestQueueClass;
}
