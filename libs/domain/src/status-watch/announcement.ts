// The command and the state of the status watch, and the members that all its announcements share.
import { instantOf } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import type { StepHistory } from './step-history.js';

/** The complete status history of a region under a lens, as known at one position of the log. */
export type AnnounceStatus = {
  readonly type: 'AnnounceStatus';
  readonly region: string;
  readonly lens: string;
  readonly modalities: string;
  /** The position of the log that this was computed from. */
  readonly restsOn: number;
  readonly now: Seconds;
  /** The watch has checked up to this instant before: a later difference is a change, an earlier one a restatement. */
  readonly watchedUntil: Seconds | null;
  /** Announcements about instants older than this raise no alert. */
  readonly alertWithin: Seconds;
  /** The status history without any facts; begins when `status` does. */
  readonly baseline: StepHistory<Status>;
  readonly status: StepHistory<Status>;
  readonly coverage: StepHistory<CoverageState>;
  /** The red lines that are met now. */
  readonly redLines: readonly MetRedLine[];
};

/** `enough`: at least the share that the modalities require. */
export type CoverageState = { readonly enough: boolean; readonly share: number };
export type MetRedLine = { readonly redLine: string; readonly incident: string; readonly at: Seconds };

/** Everything that was announced. It grows with the changes of status, not with the reports. */
export type AnnouncedStatus = {
  /** Null where nothing was announced: there the baseline holds. */
  readonly announced: StepHistory<Status | null>;
  /** The latest instant that an announcement is about. */
  readonly until: Seconds;
  readonly metRedLines: readonly string[];
  /** Null before the first announcement. */
  readonly covered: { readonly enough: boolean; readonly at: Seconds } | null;
};

export function recent({ now, alertWithin }: AnnounceStatus, at: Seconds): boolean {
  return at >= now - alertWithin;
}

export function announcement(
  { region, lens, modalities, restsOn }: AnnounceStatus,
  at: Seconds,
  alert: boolean,
): { region: string; lens: string; modalities: string; restsOn: number; at: string; alert: boolean } {
  return { region, lens, modalities, restsOn, at: instantOf(at), alert };
}
