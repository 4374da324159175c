// The status watch: checks regions when facts change or an instant is due, and announces status changes.
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { secondsOf, type Instant, type Seconds } from '#domain';
import type { Sql } from '#database';
import type { EventLog, Position } from '#event-log';
import type { Clock, TraceContext } from '#platform';
import { runLoop, type Checkpoints, type Watermark } from '#projection';
import type { Assessments } from '../assessment/assessments.js';
import { FACTS } from '../facts/facts.projection.js';
import type { Knowledge } from '../known/knowledge.js';
import { Announcements } from './announcements.js';
import { Agenda } from './agenda.js';
import { anglesAt, newsIn, type News } from './news.js';
import { checkUnderLock, readMark, type Mark } from './watch-mark.js';

export type WatchParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the facts: `databases.analysis`. */
  readonly sql: Sql;
  readonly checkpoints: Checkpoints;
  readonly knowledge: Knowledge;
  readonly assessments: Assessments;
  readonly clock: Clock;
  /** Announcements about older instants raise no alert. */
  readonly alertWithin: Seconds;
  readonly onFailure: (error: unknown) => void;
  /** For the log line, with the trace context of the cause. */
  readonly onAnnounced: (what: string, trail: TraceContext) => void;
};

export type WatchState = {
  /** Facts up to this position were checked; null: not yet. */
  readonly position: Position | null;
  readonly watchedUntil: Seconds | null;
  /** When the next region is due. */
  readonly nextDue: Seconds | null;
  readonly failing: { readonly since: Instant; readonly message: string } | null;
};

const IDLE_MS = 5_000;
/** Time limit for an event of the log to reach the facts. */
const FOLD_MS = 1_000;
/** Pause between two checks; facts that change meanwhile are checked together. */
const BREATHER_MS = 20;
/**
 * Under high load a check takes long, and the process has other work: the watch pauses for this many times the duration
 * of the check, up to LONGEST_REST_MS.
 */
const REST_PER_LOOK = 3;
const LONGEST_REST_MS = 2_000;
const PAUSES = { firstPauseMs: 100, longestPauseMs: 10_000 };
/** Regions computed at a time; in between, the watch yields to the event loop. */
const REGIONS_AT_A_TIME = 16;
/** How often a watch without announcements stores its progress. */
const MARK_EVERY: Seconds = 60;

export class StatusWatch {
  readonly #announcements: Announcements;
  readonly #agenda = new Agenda();
  #mark: Mark | null = null;
  #markedAt: Seconds = -Infinity;
  #begun = false;
  #failing: WatchState['failing'] = null;

  constructor(private readonly parts: WatchParts) {
    this.#announcements = new Announcements(parts.log, parts.onAnnounced);
  }

  get state(): WatchState {
    const next = this.#agenda.next;
    return {
      position: this.#begun ? this.#agenda.seen : null,
      watchedUntil: this.#mark?.watchedUntil ?? null,
      nextDue: next === Infinity ? null : next,
      failing: this.#failing,
    };
  }

  /** Resolves when `signal` aborts. Failed checks are retried, because progress is stored only after a check. */
  follow(signal: AbortSignal): Promise<void> {
    return runLoop(() => this.#lookAndWait(signal), {
      ...PAUSES,
      signal,
      onFailure: (error) => {
        this.#failed(error);
      },
    });
  }

  async #lookAndWait(signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    const position = await this.look();
    const restMs = Math.min(LONGEST_REST_MS, REST_PER_LOOK * (performance.now() - begun));
    this.#failing = null;
    await sleep(Math.max(BREATHER_MS, restMs), undefined, { signal }).catch(() => undefined);
    await this.#untilNews(position, signal);
  }

  /** Announces everything new and returns the position up to which the facts were checked. */
  async look(): Promise<Position> {
    await this.#catchUp();
    const watermark = await this.parts.checkpoints.watermark(FACTS);
    const { position } = watermark;
    // Facts that are rebuilt after a restore are older than what was announced: they would retract all of it.
    if (position < this.#announcements.restsOn) return position;
    const now = secondsOf(this.parts.clock.now());
    const angles = anglesAt(now);
    const regions = await this.parts.knowledge.now(watermark, angles, (book) =>
      this.#agenda.regionsToLookAt(book, now),
    );
    if (regions.length === 0 && now < this.#markedAt + MARK_EVERY) {
      this.#mark = { watchedUntil: now, position };
    } else if (
      await checkUnderLock(this.parts.sql, { watchedUntil: now, position }, () => this.#lookAt(regions, now, watermark))
    ) {
      this.#mark = { watchedUntil: now, position };
      this.#markedAt = now;
    } else {
      return position; // Another process is checking and announces what it finds.
    }
    this.#agenda.lookedAt(position);
    return position;
  }

  /** At the start every region is checked, because an earlier process may have left work undone. */
  async #catchUp(): Promise<void> {
    if (this.#begun) return;
    this.#mark = await readMark(this.parts.sql);
    await this.#announcements.catchUp();
    this.#begun = true;
  }

  async #lookAt(regions: readonly string[], now: Seconds, watermark: Watermark): Promise<void> {
    for (let first = 0; first < regions.length; first += REGIONS_AT_A_TIME) {
      const some = regions.slice(first, first + REGIONS_AT_A_TIME);
      const { commands, due } = await this.#newsOf(some, now, watermark);
      // The log groups concurrent appends into one write.
      await Promise.all(commands.map(({ command, cause }) => this.#announcements.announce(command, cause)));
      this.#agenda.put(due);
      await setImmediate(); // requests that arrived meanwhile are served first
    }
  }

  /** For regions without new facts about the past, the announced past stays valid. */
  #newsOf(regions: readonly string[], now: Seconds, watermark: Watermark): Promise<News> {
    let isRestated: ReadonlySet<string> = new Set();
    return this.parts.knowledge.withHistory(watermark, anglesAt(now), {
      regionsOf: () => {
        const touched = this.#touchedSince();
        isRestated = new Set(regions.filter((region) => touched?.has(region) ?? true));
        return [...isRestated];
      },
      look: (book, history) => {
        const { assessments, alertWithin } = this.parts;
        const lookedAt = this.#mark?.position ?? 0;
        const look = { now, lookedAt, watchedUntil: this.#mark?.watchedUntil ?? null, alertWithin };
        return newsIn({ book, assessments }, regions, look, (angle, region) =>
          isRestated.has(region) ? history(angle, region) : null,
        );
      },
    });
  }

  /** The regions with new facts about the time before the present since the last check; null: unknown. */
  #touchedSince(): ReadonlySet<string> | null {
    const { knowledge } = this.parts;
    const announcedUntil = this.#mark?.watchedUntil ?? -Infinity;
    if (this.#agenda.seen < 0 || announcedUntil < knowledge.presentBegins) return null;
    return knowledge.touchedSince(this.#agenda.seen);
  }

  async #untilNews(position: Position, signal: AbortSignal): Promise<void> {
    const untilDue = this.#agenda.next * 1000 - Date.parse(this.parts.clock.now());
    const timeoutMs = Math.max(0, Math.min(IDLE_MS, untilDue));
    // Every event moves the checkpoint of the facts, so without new events only the clock matters.
    await this.parts.log.waitForEventAfter(position, timeoutMs, signal);
    if (signal.aborted) return;
    const head = await this.parts.log.head();
    if (head.position > position) await this.parts.checkpoints.isReached(FACTS, position + 1, FOLD_MS);
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : 'unknown';
    this.#failing = { since: this.#failing?.since ?? this.parts.clock.now(), message };
    this.parts.onFailure(error);
  }
}
