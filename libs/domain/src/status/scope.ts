// Does it count at all under a lens? Applicability comes first (DOMAIN, section 4, rules 1-3).
import { secondsOf } from '../time.js';
import type { ClaimOutcome, Seconds, VerificationLevel } from '../vocabulary.js';
import type { Framework, Instrument, Lens } from './facts.js';
import type { IncidentView } from './incident-view.js';

/** Whether an incident or episode counts under a lens, and if not, why not. */
export type Applicability = 'applies' | 'out_of_scope' | 'exclusion_claim';

/**
 * How an actor stands to the ceasefire at a place and time: who is excluded there is not bound there, whatever was
 * signed; an actor that nobody has registered is as good as an unknown hand.
 */
export type Standing = 'excluded' | 'bound' | 'unknown' | 'civilians' | 'non_signatory';

/** What holds at a place and time under a lens's reading. */
export type Regime = (actor: string) => Standing;

const CIVILIANS = 'civilians';
const UNKNOWN_HAND = 'unknown';

/** The levels of "at least corroborated". */
const ESTABLISHED: ReadonlySet<VerificationLevel> = new Set(['corroborated', 'verified_remote', 'verified_on_site']);

/** Null where no instrument is in force at `at` in any of the regions that hold the place. */
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
      if (actor === UNKNOWN_HAND) return 'unknown';
      if (isExcluded(actor)) return 'excluded';
      const registered = actors.get(actor);
      if (!registered) return 'unknown';
      return registered.bound ? 'bound' : 'non_signatory';
    };
  };
}

type DatedExclusion = { readonly actor: string; readonly since: Seconds };

/** Whom the lens's reading of the instrument excludes, and since when. */
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

/** Judged by what held where and when the incident began. */
export function incidentApplicability(view: IncidentView, framework: Framework, lens: Lens): Applicability {
  return applicabilityUnder(regimesOf(framework, lens), view, lens);
}

export function applicabilityUnder(regimes: Regimes, view: IncidentView, lens: Lens): Applicability {
  const regime = regimes(view.regions, view.from);
  if (!regime || !isAnswerable(view.accused, regime)) return 'out_of_scope';
  const targets = view.targets.map(regime);
  const established = ESTABLISHED.has(view.level);
  if (!isProtected(targets) && (established || !targets.includes('excluded'))) return 'out_of_scope';
  // A report that names an excluded target is an exclusion claim that nobody has assessed, until it is established.
  const namesExcluded = targets.includes('excluded') && !established;
  const claims = view.claims.filter(({ type }) => type === 'exclusion');
  return areExempting([...claims, ...(namesExcluded ? [UNASSESSED] : [])], regime, lens)
    ? 'exclusion_claim'
    : 'applies';
}

type ExclusionClaim = { readonly target: string | null; readonly outcome: ClaimOutcome | null };

const UNASSESSED: ExclusionClaim = { target: null, outcome: null };

/** Of an episode, judged by what holds at one instant while it is open: the regime may change under it. */
export function episodeApplicability(
  episode: { readonly accused: readonly string[]; readonly exclusionClaim: ExclusionClaim | null },
  regime: Regime,
  lens: Lens,
): Applicability {
  if (!isAnswerable(episode.accused, regime)) return 'out_of_scope';
  const claims = episode.exclusionClaim ? [episode.exclusionClaim] : [];
  return areExempting(claims, regime, lens) ? 'exclusion_claim' : 'applies';
}

/** One of the accused is bound, or may be: nobody named is an unknown hand. */
function isAnswerable(accused: readonly string[], regime: Regime): boolean {
  if (accused.length === 0) return true;
  return accused.map(regime).some((standing) => standing === 'bound' || standing === 'unknown');
}

/** Civilians in any case, and whoever is not surely outside the ceasefire; no target named is an unknown one. */
function isProtected(targets: readonly Standing[]): boolean {
  return targets.length === 0 || targets.some((target) => target !== 'excluded' && target !== 'non_signatory');
}

/** An upheld claim exempts under every lens, an open one where the lens honours claims, a rejected one nowhere. */
function areExempting(claims: readonly ExclusionClaim[], regime: Regime, lens: Lens): boolean {
  return claims
    .filter(({ target }) => target === null || regime(target) === 'excluded')
    .some(({ outcome }) => outcome === 'upheld' || (outcome === null && lens.exclusionClaims === 'honoured'));
}
