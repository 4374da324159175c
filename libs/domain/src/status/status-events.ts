// What the status watch has announced. Stream: status-<lens>-<region>. Key: the region.
import type { Instant, Status } from '../vocabulary.js';

/** A stretch of one status; `to` null: it lasts until told otherwise. */
export type StatusSpan = { readonly from: Instant; readonly to: Instant | null; readonly status: Status };

/** Every announcement is a function of the log's first `restsOn` events, so anybody can check it. */
type Announcement<Type extends string, Data> = {
  readonly type: Type;
  readonly data: {
    readonly region: string;
    readonly lens: string;
    readonly modalities: string;
    readonly restsOn: number;
    /** When it was the case, which may be before it was known. */
    readonly at: Instant;
    /** False where the instant lies too far back to alarm anybody: history, no alert. */
    readonly alert: boolean;
  } & Data;
};

export type StatusChanged = Announcement<'StatusChanged', { readonly from: Status; readonly to: Status }>;
/** Later knowledge changed the past between `at` and `until`. */
export type StatusRestated = Announcement<
  'StatusRestated',
  { readonly until: Instant; readonly before: readonly StatusSpan[]; readonly after: readonly StatusSpan[] }
>;
export type RedLineMet = Announcement<'RedLineMet', { readonly redLine: string; readonly incident: string }>;
/** What was announced as met is no longer so: its incident was refuted or moved, or the line was withdrawn. No alert. */
export type RedLineCleared = Announcement<'RedLineCleared', { readonly redLine: string }>;
/** `coverage` is the share (0..1) that was left at `at`. */
export type CoverageLost = Announcement<'CoverageLost', { readonly coverage: number }>;
export type CoverageRestored = Announcement<'CoverageRestored', { readonly coverage: number }>;

export type StatusEvent =
  StatusChanged | StatusRestated | RedLineMet | RedLineCleared | CoverageLost | CoverageRestored;
