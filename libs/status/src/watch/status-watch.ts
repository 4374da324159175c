// Looks whenever something is learnt or an instant comes due, and announces what has changed.
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
import { lookAlone, readMark, type Mark } from './watch-mark.js';

export type WatchParts = {
  readonly log: EventLog;
  /** With the rights of the role that owns the facts: `databases.analysis`. */
  readonly sql: Sql;
  readonly checkpoints: Checkpoints;
  readonly knowledge: Knowledge;
  readonly assessments: Assessments;
  readonly clock: Clock;
  /** What lies further back raises no alert. */
  readonly alertWithin: Seconds;
  readonly onFailure: (error: unknown) => void;
  /** For the log line, with the ids of what it follows from. */
  readonly onAnnounced: (what: string, trail: TraceContext) => void;
};

export type WatchState = {
  /** The facts up to here have been looked at; null: not yet. */
  readonly position: Position | null;
  readonly watchedUntil: Seconds | null;
  /** When something comes due by itself. */
  readonly nextDue: Seconds | null;
  readonly failing: { readonly since: Instant; readonly message: string } | null;
};

const IDLE_MS = 5_000;
/** By then an event that is in the log should be in the facts too. */
const FOLD_MS = 1_000;
/** Between two looks: what is learnt meanwhile is looked at together. */
const BREATHER_MS = 20;
/**
 * Under a flood of reports a look takes long, and the process has others to serve: so many times as long as it took, up
 * to a limit, it then rests.
 */
const REST_PER_LOOK = 3;
const LONGEST_REST_MS = 2_000;
const PAUSES = { firstPauseMs: 100, longestPauseMs: 10_000 };
/** Regions worked out at a time; in between, others may use the process. */
const REGIONS_AT_A_TIME = 16;
/** How often a watch that has nothing to announce notes that it has looked. */
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

  /** Resolves when `signal` aborts. What fails is tried again, for nothing is noted as looked at before it was. */
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

  /** Announces all that is new as of now, and answers the position up to which the facts were looked at. */
  async look(): Promise<Position> {
    await this.#catchUp();
    const standing = await this.parts.checkpoints.watermark(FACTS);
    const { position } = standing;
    // Facts that are made anew, after a restore, lie behind what was announced: they would take all of it back.
    if (position < this.#announcements.restsOn) return position;
    const now = secondsOf(this.parts.clock.now());
    const angles = anglesAt(now);
    const regions = await this.parts.knowledge.now(standing, angles, (book) => this.#agenda.regionsToLookAt(book, now));
    if (regions.length === 0 && now < this.#markedAt + MARK_EVERY) {
      this.#mark = { watchedUntil: now, position };
    } else if (
      await lookAlone(this.parts.sql, { watchedUntil: now, position }, () => this.#lookAt(regions, now, standing))
    ) {
      this.#mark = { watchedUntil: now, position };
      this.#markedAt = now;
    } else {
      return position; // Another process is looking; what it announces is not ours to announce.
    }
    this.#agenda.lookedAt(position);
    return position;
  }

  /** At the start every region is looked at, for nobody knows what an earlier process had still to do. */
  async #catchUp(): Promise<void> {
    if (this.#begun) return;
    this.#mark = await readMark(this.parts.sql);
    await this.#announcements.catchUp();
    this.#begun = true;
  }

  async #lookAt(regions: readonly string[], now: Seconds, standing: Watermark): Promise<void> {
    for (let first = 0; first < regions.length; first += REGIONS_AT_A_TIME) {
      const some = regions.slice(first, first + REGIONS_AT_A_TIME);
      const { commands, due } = await this.#newsOf(some, now, standing);
      // The log writes in one go what is appended at the same time.
      await Promise.all(commands.map(({ command, cause }) => this.#announcements.announce(command, cause)));
      this.#agenda.put(due);
      await setImmediate(); // what came in meanwhile is answered before the next ones are worked out
    }
  }

  /** Where nothing was learnt of times before the present, what was announced of them stands. */
  #newsOf(regions: readonly string[], now: Seconds, standing: Watermark): Promise<News> {
    let isRestated: ReadonlySet<string> = new Set();
    return this.parts.knowledge.withHistory(standing, anglesAt(now), {
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

  /** The regions in which something was learnt of times before the present since the last look; null: nobody knows. */
  #touchedSince(): ReadonlySet<string> | null {
    const { knowledge } = this.parts;
    const told = this.#mark?.watchedUntil ?? -Infinity;
    if (this.#agenda.seen < 0 || told < knowledge.presentBegins) return null;
    return knowledge.touchedSince(this.#agenda.seen);
  }

  async #untilNews(position: Position, signal: AbortSignal): Promise<void> {
    const untilDue = this.#agenda.next * 1000 - Date.parse(this.parts.clock.now());
    const patienceMs = Math.max(0, Math.min(IDLE_MS, untilDue));
    // Every event moves the facts' checkpoint, so while the log is silent there is nothing to wait for but the clock.
    await this.parts.log.waitForEventAfter(position, patienceMs, signal);
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
