// Patches kafkajs 2.2.4, which wakes up a thousand times a second for every connection that was ever used.
import { createRequire } from 'node:module';

/** The request queue of a connection to a broker; kafkajs does not export its type. `pending`: not sent yet. */
type RequestQueue = {
  readonly pending: readonly unknown[];
  /** Until when the broker throttles us, in milliseconds since 1970; -1: not throttled. */
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(this: RequestQueue): void;
};

// The client's own interval.
const RECHECK_MS = 10;

/**
 * After every response, `scheduleCheckPendingRequests` sets a timer to check for pending requests, even if there are none
 * and nothing is throttled. Its delay is then negative (-1 minus the time of day), which Node treats as 1 ms, and the
 * timer sets itself again, for ever. That took 6 to 9 % of a core, and from Node 24 on it prints a
 * TimeoutNegativeWarning. The patched version sets a timer only if requests are pending; whenever one becomes pending,
 * the client calls it again. (https://github.com/tulios/kafkajs/issues/1751 and others; no release has followed.)
 */
export function patchRequestQueue(): void {
  const found: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const queue = typeof found === 'function' ? (found.prototype as Partial<RequestQueue>) : {};
  if (!queue.scheduleCheckPendingRequests || !queue.checkPendingRequests) {
    throw new Error('kafkajs has changed its request queue: see libs/transport/src/kafka/request-queue-patch.ts');
  }
  queue.scheduleCheckPendingRequests = scheduleIfPending;
}

function scheduleIfPending(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const throttledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : RECHECK_MS,
  );
}
