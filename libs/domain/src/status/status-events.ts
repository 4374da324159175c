// The announcements of the status watch. Stream: status-<lens>-<region>. Key: the region.
import type { Instant, Status } from '../vocabulary.js';

/** An interval of one status; `to` null: it has no known end. */
export type StatusSpan = { readonly from: Instant; readonly to: Instant | null; readonly status: Status };

/** Every announcement is a function of the log's first `restsOn` events, so it can be recomputed. */
type Announcement<Type extends string, Data> = {
  readonly type: Type;
  readonly data: {
    readonly region: string;
    readonly lens: string;
    readonly modalities: string;
    readonly restsOn: number;
    /** When it was the case; this may be earlier than when it became known. */
    readonly at: Instant;
    /** False when the instant is too old for an alert. */
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
/** A line announced as met is no longer met: its incident was refuted or moved, or the line was withdrawn. No alert. */
export type RedLineCleared = Announcement<'RedLineCleared', { readonly redLine: string }>;
/** `coverage` is the remaining share (0..1) at `at`. */
export type CoverageLost = Announcement<'CoverageLost', { readonly coverage: number }>;
export type CoverageRestored = Announcement<'CoverageRestored', { readonly coverage: number }>;

export type StatusEvent =
  StatusChanged | StatusRestated | RedLineMet | RedLineCleared | CoverageLost | CoverageRestored;
