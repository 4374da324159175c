// The registers in memory, kept current by following the log.
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { EventLog, Position } from '#event-log';
import { EMPTY_REGISTER, foldRegister, registerEvent, REGISTER_EVENT_TYPES } from './register-fold.js';
import { registerAt } from './register.js';
import { Registry, type Register } from './registry.js';

const WAIT_TIMEOUT_MS = 10_000;
// Reports come by the thousand, registers change by the week: polling ten times a second is current enough.
const POLL_PAUSE_MS = 100;
const RETRY_MS = 1000;
/** With the boundaries of all sub-districts one register takes about 20 MB. */
const PAST_REGISTERS_MAX = 4;

export class LogRegistry extends Registry {
  readonly #log: EventLog;
  readonly #onFailure: (error: unknown) => void;
  readonly #pastRegisters: LRUCache<Position, Register>;
  readonly #stopping = new AbortController();
  /** The positions at which the registers changed, in order. Between two of them all registers are the same. */
  readonly #changes: Position[] = [];
  #state = EMPTY_REGISTER;
  #current = registerAt(EMPTY_REGISTER, 0);
  #lastAdvance: Promise<unknown> = Promise.resolve();
  #pendingRefresh: Promise<Register> | null = null;
  #followLoop: Promise<void> = Promise.resolve();

  /** `onFailure` is called when following begins to fail. It is retried, and `current` does not change meanwhile. */
  constructor(log: EventLog, onFailure: (error: unknown) => void) {
    super();
    this.#log = log;
    this.#onFailure = onFailure;
    this.#pastRegisters = new LRUCache({ max: PAST_REGISTERS_MAX, fetchMethod: (change) => this.#foldUntil(change) });
  }

  /** Resolves when `current` has reached the log's head as of the call. Fails where the log cannot be read. */
  async start(): Promise<void> {
    await this.refresh();
    this.#followLoop = this.#follow(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#followLoop;
  }

  override get current(): Register {
    return this.#current;
  }

  override refresh(): Promise<Register> {
    // A running advance may have read the head before the caller's event was stored. The next one has not started,
    // so all waiting callers share it.
    this.#pendingRefresh ??= this.#lastAdvance.then(() => {
      this.#pendingRefresh = null;
      const advance = this.#advance();
      this.#lastAdvance = advance.catch(() => undefined);
      return advance;
    });
    return this.#pendingRefresh;
  }

  /** A position after the log's head gives the register at the head. */
  override async asKnownAt(position: Position): Promise<Register> {
    if (position > this.#current.position) await this.refresh();
    const reached = Math.min(position, this.#current.position);
    const change = this.#changes.findLast((each) => each <= reached) ?? 0;
    if (change === (this.#changes.at(-1) ?? 0)) return { ...this.#current, position: reached };
    return { ...(await this.#pastRegisters.forceFetch(change)), position: reached };
  }

  async #advance(): Promise<Register> {
    const after = this.#current.position;
    const { position } = await this.#log.head();
    if (position === after) return this.#current;
    const stored = await this.#log.readTypes(REGISTER_EVENT_TYPES, after, position);
    if (stored.length === 0) return (this.#current = { ...this.#current, position });
    this.#state = foldRegister(this.#state, stored.map(registerEvent));
    for (const event of stored) this.#changes.push(event.position);
    return (this.#current = registerAt(this.#state, position));
  }

  async #foldUntil(change: Position): Promise<Register> {
    const stored = await this.#log.readTypes(REGISTER_EVENT_TYPES, 0, change);
    return registerAt(foldRegister(EMPTY_REGISTER, stored.map(registerEvent)), change);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let failing = false;
    while (!signal.aborted) {
      try {
        await this.#log.waitForEventAfter(this.#current.position, WAIT_TIMEOUT_MS, signal);
        await this.refresh();
        failing = false;
      } catch (error) {
        if (!failing) this.#onFailure(error);
        failing = true;
      }
      await pause(failing ? RETRY_MS : POLL_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
