// An alert as subscribers receive it, and the row it is read from.
import { createHash } from 'node:crypto';
import { STATUS_SCALE, type Instant, type ReportKind, type Status } from '#domain';
import type { TraceContext } from '#platform';

export const ALERT_TYPES = [
  'status_changed',
  'status_restated',
  'red_line_met',
  'grave_incident',
  'coverage_lost',
  'coverage_restored',
] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/** As in api.md; the same in lists, in the stream and in deliveries. */
export type Alert = {
  readonly id: string;
  readonly type: AlertType;
  readonly region: string;
  /** Null where the alert concerns every lens, such as a grave incident. */
  readonly lens: string | null;
  readonly from: Status | null;
  readonly to: Status | null;
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly position: number;
  readonly supersedes: string | null;
  readonly why: string;
  readonly summary: { readonly en: string };
};

export type AlertDetail = {
  readonly incident?: string;
  readonly kind?: ReportKind;
  readonly redLine?: string;
  readonly until?: Instant;
  /** 0..1 */
  readonly coverage?: number;
};

/** The stored alert, without the text that is rendered on reading, plus what filters need. */
export type AlertRow = Omit<Alert, 'why' | 'summary'> & {
  /** The highest step of the status scale that the alert names, 0..3; null where it names no status. */
  readonly scale: number | null;
  readonly detail: AlertDetail;
  /** The log position that the alert is based on: at this position the status of `why` is what the alert says. */
  readonly knownAtPosition: number;
  /** Trace context of the event, sent along with the alert. Null where the stored one may come from a caller. */
  readonly traceContext: TraceContext | null;
};

/** An alert before the projection has looked up which alert it supersedes. */
export type NewAlert = Omit<AlertRow, 'supersedes'>;

/** A UUID (version 8) derived from the event alone, so that a rebuild gives every alert the same id. */
export function alertId(stream: string, position: number): string {
  const digest = createHash('sha256').update(`barada-alert ${stream} ${position}`).digest();
  digest[6] = 0x80 | ((digest[6] ?? 0) & 0x0f);
  digest[8] = 0x80 | ((digest[8] ?? 0) & 0x3f);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Index on the status scale, 0..3. A status outside the scale counts as 0. */
export function scaleOf(status: Status): number {
  return Math.max(
    0,
    STATUS_SCALE.findIndex((step) => step === status),
  );
}
