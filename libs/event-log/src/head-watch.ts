// Waits for new events: appends of this process end a wait at once, those of other processes by LISTEN and NOTIFY.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from './event-log.js';

/** How to find out what other processes have appended. */
export type HeadSource = {
  readonly readHead: () => Promise<Position>;
  /**
   * Calls `onChange` whenever another process has appended, and once the connection listens again after a loss, because
   * notifications may have been missed. Resolves once it listens, with the function that ends it.
   */
  readonly listen: (onChange: () => void) => Promise<() => Promise<void>>;
};

export type HeadWatchOptions = {
  /** A notification can be lost with its sender or its connection; polling finds what it was about. */
  readonly fallbackPollMs?: number;
};

type Waiter = { readonly after: Position; readonly wake: () => void };

const FALLBACK_POLL_MS = 500;
// Until the connection listens, polling alone has to find new events.
const POLL_WITHOUT_LISTENER_MS = 20;
const LISTEN_RETRY_MS = 1_000;

export class HeadWatch {
  #position: Position = 0;
  readonly #waiters = new Set<Waiter>();
  #isPolling = false;
  #unlisten: (() => Promise<void>) | null = null;
  #listenRetryAt = 0;
  #isClosed = false;
  /** Ends the pause before the next read of the head. */
  #endPause = new AbortController();

  constructor(
    private readonly source: HeadSource,
    private readonly options: HeadWatchOptions = {},
  ) {}

  /** The newest position that this process has heard of. */
  get position(): Position {
    return this.#position;
  }

  /** The log is known to reach this far. */
  advanceTo(position: Position): void {
    if (position <= this.#position) return;
    this.#position = position;
    for (const waiter of this.#waiters) if (waiter.after < position) waiter.wake();
  }

  /** Resolves once the log has an event after `after`, or after `timeoutMs`, or when aborted. */
  async waitForPositionAfter(after: Position, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.#position > after || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiters.delete(waiter);
        clearTimeout(timeout);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { after, wake };
      const timeout = setTimeout(wake, timeoutMs);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiters.add(waiter);
      if (!this.#isPolling) void this.#poll();
    });
  }

  /** Ends the listening. Waits that are under way end by their timeouts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause.abort();
    const unlisten = this.#unlisten;
    this.#unlisten = null;
    // The connection may be lost or closed already.
    await unlisten?.().catch(() => undefined);
  }

  // Only while somebody waits. A read that fails is like one that finds nothing: readers meet the error themselves.
  async #poll(): Promise<void> {
    this.#isPolling = true;
    while (this.#waiters.size > 0 && !this.#isClosed) {
      await this.#ensureListening();
      this.#endPause = new AbortController();
      this.advanceTo(await this.source.readHead().catch(() => 0));
      if (this.#waiters.size > 0) await this.#pause();
    }
    this.#isPolling = false;
  }

  async #ensureListening(): Promise<void> {
    if (this.#unlisten !== null || performance.now() < this.#listenRetryAt) return;
    this.#listenRetryAt = performance.now() + LISTEN_RETRY_MS;
    const onChange = (): void => {
      this.#endPause.abort();
    };
    this.#unlisten = await this.source.listen(onChange).catch(() => null);
    if (this.#isClosed) await this.close();
  }

  async #pause(): Promise<void> {
    const { fallbackPollMs = FALLBACK_POLL_MS } = this.options;
    const pauseMs = this.#unlisten === null ? POLL_WITHOUT_LISTENER_MS : fallbackPollMs;
    await sleep(pauseMs, undefined, { ref: false, signal: this.#endPause.signal }).catch(() => undefined);
  }
}
