// What the status watch is asked to announce, what it has announced, and what every announcement says.
import { instantOf } from '../time.js';
import type { Seconds, Status } from '../vocabulary.js';
import type { StepHistory } from './step-history.js';

/** How a region stands and stood, as known at one position of the log. */
export type AnnounceStatus = {
  readonly type: 'AnnounceStatus';
  readonly region: string;
  readonly lens: string;
  readonly modalities: string;
  /** The position that all of this rests on. */
  readonly restsOn: number;
  readonly now: Seconds;
  /** The watch has looked up to here before; what changes behind it is a change, what changes before it a restatement. */
  readonly watchedUntil: Seconds | null;
  /** What lies further back than this is history and alarms nobody. */
  readonly alertWithin: Seconds;
  /** The status with no facts at all; begins when `status` does. */
  readonly baseline: StepHistory<Status>;
  readonly status: StepHistory<Status>;
  readonly coverage: StepHistory<CoverageState>;
  /** The red lines that are met now. */
  readonly redLines: readonly MetRedLine[];
};

/** `enough`: not below the share that the modalities ask for. */
export type CoverageState = { readonly enough: boolean; readonly share: number };
export type MetRedLine = { readonly redLine: string; readonly incident: string; readonly at: Seconds };

/** What has been announced; it grows with the changes of status, not with the reports. */
export type AnnouncedStatus = {
  /** null where nothing was said: there it stands as it does with no facts. */
  readonly announced: StepHistory<Status | null>;
  /** The latest instant of which anything was said. */
  readonly until: Seconds;
  readonly metRedLines: readonly string[];
  /** null before the first announcement: as it was at the beginning. */
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
