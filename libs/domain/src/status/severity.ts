// The severity of an act, independent of who did it and of its verification (rules.md, rule 4).
import { SEVERITIES, type ReportKind, type Severity } from '../vocabulary.js';

/** The severity of each kind when no report states one. Source: rules.md, rule 4 ("the others moderate"). */
export const DEFAULT_SEVERITY: Readonly<Record<ReportKind, Severity>> = {
  chemical: 'grave',
  killing_of_negotiator: 'grave',
  air_strike: 'serious',
  indirect_fire: 'serious',
  ground_assault: 'serious',
  territorial_gain: 'serious',
  siege_or_aid_obstruction: 'serious',
  attack_on_civilians: 'serious',
  attack_on_infrastructure: 'serious',
  attack_on_monitor: 'serious',
  overflight: 'minor',
  force_movement: 'minor',
  fortification: 'minor',
  incitement: 'minor',
  live_fire_training: 'minor',
  small_arms_fire: 'moderate',
  direct_fire_heavy: 'moderate',
  heavy_weapon_in_zone: 'moderate',
  ied_or_mine: 'moderate',
  detention: 'moderate',
  undetermined_explosion: 'moderate',
};

type SaysSeverity = { readonly kind: ReportKind; readonly severity: Severity | null };

/** The highest severity that a report states; if none states one, the highest default of their kinds. */
export function highestSeverity(reports: readonly SaysSeverity[]): Severity {
  const stated = reports.flatMap(({ severity }) => severity ?? []);
  const candidates = stated.length > 0 ? stated : reports.map(({ kind }) => DEFAULT_SEVERITY[kind]);
  return candidates.reduce(
    (one, other) => (SEVERITIES.indexOf(other) > SEVERITIES.indexOf(one) ? other : one),
    'minor',
  );
}
