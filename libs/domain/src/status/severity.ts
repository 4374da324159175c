// How grave an act is, apart from who did it and how well it is established (DOMAIN, section 4, rule 4).
import { SEVERITIES, type ReportKind, type Severity } from '../vocabulary.js';

/** Where no report says. Source: DOMAIN, section 4, rule 4 ("the others moderate"). */
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

/** The highest that a report states; where none states one, the highest that their kinds stand for. */
export function highestSeverity(reports: readonly SaysSeverity[]): Severity {
  const stated = reports.flatMap(({ severity }) => severity ?? []);
  const candidates = stated.length > 0 ? stated : reports.map(({ kind }) => DEFAULT_SEVERITY[kind]);
  return candidates.reduce(
    (one, other) => (SEVERITIES.indexOf(other) > SEVERITIES.indexOf(one) ? other : one),
    'minor',
  );
}
