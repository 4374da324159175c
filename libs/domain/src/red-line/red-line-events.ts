// The events of a red line. Stream: red-line-<id>. Key: its region.
import type { Instant, ReportKind } from '../vocabulary.js';

export type RedLineDeclared = {
  readonly type: 'RedLineDeclared';
  readonly data: {
    readonly redLine: string;
    readonly declaredBy: string;
    readonly region: string;
    /** Met by an incident of this kind by one of these actors; `by` null: by any actor. */
    readonly condition: { readonly kind: ReportKind; readonly by: readonly string[] | null };
    readonly text: string;
  };
};
export type RedLineWithdrawn = {
  readonly type: 'RedLineWithdrawn';
  readonly data: { readonly redLine: string; readonly region: string; readonly at: Instant };
};
export type RedLineEvent = RedLineDeclared | RedLineWithdrawn;
