// Whether an incident or episode counts under a lens (rules.md, rules 1 to 3).
import { secondsOf } from '../time.js';
import type { ClaimOutcome, Seconds, VerificationLevel } from '../vocabulary.js';
import type { Framework, Instrument, Lens } from './facts.js';
import type { IncidentView } from './incident-view.js';

/** Whether it counts under a lens, and if not, why. */
export type Applicability = 'applies' | 'out_of_scope' | 'exclusion_claim';

/**
 * An actor's relation to the ceasefire at a place and time. An excluded actor is not bound there, whatever it signed. An
 * unregistered actor counts as unknown.
 */
export type ActorCategory = 'excluded' | 'bound' | 'unknown' | 'civilians' | 'non_signatory';

/** The categories of actors at a place and time under a lens's reading. */
export type Regime = (actor: string) => ActorCategory;

const CIVILIANS = 'civilians';
const UNKNOWN_ACTOR = 'unknown';

/** The levels of "at least corroborated". */
const ESTABLISHED: ReadonlySet<VerificationLevel> = new Set(['corroborated', 'verified_remote', 'verified_on_site']);

/** Null when no instrument is in force at `at` in any of the regions. */
export type Regimes = (regions: readonly string[], at: Seconds) => Regime | null;

export function regimesOf({ instruments, actors }: Framework, lens: Lens): Regimes {
  const dated = instruments.map((instrument) => ({ instrument, exclusions: exclusionsOf(instrument, lens) }));
  return (regions, at) => {
    const inForce = dated.filter(({ instrument }) => isInForce(instrument, regions, at));
    if (inForce.length === 0) return null;
    const isExcluded = (actor: string): boolean =>
      inForce.some(({ exclusions }) => exclusions.some((one) => one.actor === actor && one.since <= at));
    return (actor) => {
      if (actor === CIVILIANS) return 'civilians';
      if (actor === UNKNOWN_ACTOR) return 'unknown';
      if (isExcluded(actor)) return 'excluded';
      const registered = actors.get(actor);
      if (!registered) return 'unknown';
      return registered.bound ? 'bound' : 'non_signatory';
    };
  };
}

type DatedExclusion = { readonly actor: string; readonly since: Seconds };

/** The actors that the lens's reading of the instrument excludes, and since when. */
export function exclusionsOf({ readings }: Instrument, lens: Lens): readonly DatedExclusion[] {
  const reading = readings.find(({ code }) => code === lens.reading);
  return (reading?.excluded ?? []).map(({ actor, from }) => ({
    actor,
    since: from === null ? -Infinity : secondsOf(from),
  }));
}

export function covers(instrument: Instrument, regions: readonly string[]): boolean {
  return instrument.regions.some((region) => regions.includes(region));
}

function isInForce(instrument: Instrument, regions: readonly string[], at: Seconds): boolean {
  if (at < instrument.from || (instrument.to !== null && at >= instrument.to)) return false;
  return covers(instrument, regions);
}

/** Judged at the place and start of the incident. */
export function incidentApplicability(view: IncidentView, framework: Framework, lens: Lens): Applicability {
  return applicabilityUnder(regimesOf(framework, lens), view, lens);
}

export function applicabilityUnder(regimes: Regimes, view: IncidentView, lens: Lens): Applicability {
  const regime = regimes(view.regions, view.from);
  if (!regime || !isAnswerable(view.accused, regime)) return 'out_of_scope';
  const targets = view.targets.map(regime);
  const established = ESTABLISHED.has(view.level);
  if (!isProtected(targets) && (established || !targets.includes('excluded'))) return 'out_of_scope';
  // Until the incident is corroborated, a report that names an excluded target works like an unassessed exclusion claim.
  const namesExcluded = targets.includes('excluded') && !established;
  const claims = view.claims.filter(({ type }) => type === 'exclusion');
  return anyExempts([...claims, ...(namesExcluded ? [UNASSESSED] : [])], regime, lens) ? 'exclusion_claim' : 'applies';
}

type ExclusionClaim = { readonly target: string | null; readonly outcome: ClaimOutcome | null };

const UNASSESSED: ExclusionClaim = { target: null, outcome: null };

/** Judged at one instant of the episode, because the regime may change while it is open. */
export function episodeApplicability(
  episode: { readonly accused: readonly string[]; readonly exclusionClaim: ExclusionClaim | null },
  regime: Regime,
  lens: Lens,
): Applicability {
  if (!isAnswerable(episode.accused, regime)) return 'out_of_scope';
  const claims = episode.exclusionClaim ? [episode.exclusionClaim] : [];
  return anyExempts(claims, regime, lens) ? 'exclusion_claim' : 'applies';
}

/** Whether one of the accused is bound or unknown. No accused at all counts as unknown. */
function isAnswerable(accused: readonly string[], regime: Regime): boolean {
  if (accused.length === 0) return true;
  return accused.map(regime).some((category) => category === 'bound' || category === 'unknown');
}

/** Civilians always, and everybody except excluded actors and non-signatories. No target at all counts as unknown. */
function isProtected(targets: readonly ActorCategory[]): boolean {
  return targets.length === 0 || targets.some((target) => target !== 'excluded' && target !== 'non_signatory');
}

/** An upheld claim exempts under every lens, an open one only under lenses that honour claims, a rejected one never. */
function anyExempts(claims: readonly ExclusionClaim[], regime: Regime, lens: Lens): boolean {
  return claims
    .filter(({ target }) => target === null || regime(target) === 'excluded')
    .some(({ outcome }) => outcome === 'upheld' || (outcome === null && lens.exclusionClaims === 'honoured'));
}
