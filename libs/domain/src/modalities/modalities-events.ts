// The events of the rules of the mechanism. Stream and key: modalities-<version>.
import type { Instant, ScaleStatus, Severity, VerificationLevel } from '../vocabulary.js';

/** The numbers of rules.md, section 4, as data. Points are points, hours are hours, shares are in 0..1. */
export type Rules = {
  readonly severityPoints: Readonly<Record<Severity, number>>;
  readonly verificationWeight: Readonly<Record<VerificationLevel, number>>;
  readonly unverifiedCap: number;
  /** Steps by age, the youngest first: `factor` holds while age < `hours`. */
  readonly window: readonly { readonly hours: number; readonly factor: number }[];
  readonly thresholds: Readonly<Record<Exclude<ScaleStatus, 'holding'>, number>>;
  readonly stepDown: { readonly hours: number; readonly below: number };
  readonly coverage: { readonly share: number; readonly vouchHours: number };
  readonly decisionRule: 'unanimous';
};

export type ModalitiesAdopted = {
  readonly type: 'ModalitiesAdopted';
  readonly data: { readonly version: string; readonly from: Instant; readonly rules: Rules };
};
export type ModalitiesEvent = ModalitiesAdopted;
