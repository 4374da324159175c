// kafkajs 2.2.4 wakes up a thousand times a second for every connection that was ever used, and Node 24 warns of it.
import { createRequire } from 'node:module';

/** Of each connection to a broker: what was asked and not answered yet, and what waits to be asked. Not among its types. */
type RequestQueue = {
  readonly pending: readonly unknown[];
  /** Until when the broker wants to be left alone, in milliseconds since 1970; -1: not at all. */
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(this: RequestQueue): void;
};

// The client's own pause.
const RECHECK_MS = 10;

/**
 * Whatever was answered, `scheduleCheckPendingRequests` sets a timer to look for waiting requests, also where none waits
 * and nothing is throttled: then with a negative delay (-1 less the time of day), which Node takes for 1 ms; and the
 * timer does the same again, for ever. That took 6 to 9 % of a core, and from Node 24 on it prints a
 * TimeoutNegativeWarning. With this one a timer is set only where a request waits, and whenever one comes to wait the
 * client asks again by itself. (https://github.com/tulios/kafkajs/issues/1751 and others; no release has followed.)
 */
export function patchRequestQueue(): void {
  const found: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const queue = typeof found === 'function' ? (found.prototype as Partial<RequestQueue>) : {};
  if (!queue.scheduleCheckPendingRequests || !queue.checkPendingRequests) {
    throw new Error('kafkajs has changed its request queue: see libs/transport/src/kafka/quiet-queue.ts');
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
