// The Wadi Barada offensive of January 2017 as our coding of public reports has it, to play and to check the rules with.
import type { ReportKind, Severity, VerificationLevel } from '#domain';

/**
 * One incident of the offensive. Days are days in Damascus. Severity and level are our coding (what was only claimed
 * is `reported`); who claimed and who denied is taken from news pages, monitors (SOHR, Syrian Civil Defence) and
 * both sides' media of January 2017.
 */
export type PlayedIncident = {
  readonly id: string;
  readonly day: string;
  readonly place: string;
  readonly kind: ReportKind;
  readonly accused: readonly string[];
  readonly severity: Severity;
  readonly level: VerificationLevel;
  /** The accused said that they fired at Fatah al-Sham. */
  readonly exclusionClaimed: boolean;
  readonly killed?: { readonly min: number; readonly max: number };
  readonly injured?: { readonly min: number; readonly max: number };
  readonly claimedBy: string;
  readonly denial?: { readonly by: string; readonly text: string };
};

type Coding = Pick<PlayedIncident, 'kind' | 'accused' | 'severity' | 'level'> & Partial<PlayedIncident>;

function incident(id: string, day: string, place: string, claimedBy: string, coding: Coding): PlayedIncident {
  return { id, day, place, claimedBy, exclusionClaimed: true, ...coding };
}

export const WADI_BARADA_INCIDENTS: readonly PlayedIncident[] = [
  incident('wb01', '2017-01-01', 'Ain al-Fijah', 'pro-government media: an attack on Fatah al-Sham', {
    kind: 'ground_assault',
    accused: ['saa', 'ndf', 'hezbollah'],
    severity: 'serious',
    level: 'corroborated',
    denial: { by: 'fsa', text: 'No exempt target there: a breach.' },
  }),
  incident('wb02', '2017-01-02', 'outskirts of Ain al-Fijah', 'SOHR: outskirts reached', {
    kind: 'territorial_gain',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'corroborated',
    denial: { by: 'fsa', text: 'The village was not taken.' },
  }),
  incident('wb03', '2017-01-06', 'three villages and the spring area', 'residents, rebel groups', {
    kind: 'air_strike',
    accused: ['syaaf'],
    severity: 'serious',
    level: 'corroborated',
    denial: { by: 'hezbollah', text: 'A truce of some hours held on that day.' },
  }),
  incident('wb04', '2017-01-07', 'Basimah axis', 'an outlet of the Free Syrian Army', {
    kind: 'ground_assault',
    accused: ['saa', 'hezbollah'],
    severity: 'moderate',
    level: 'reported',
  }),
  incident('wb05', '2017-01-12', 'Basimah', 'a mapping project; later reports', {
    kind: 'territorial_gain',
    accused: ['saa'],
    severity: 'serious',
    level: 'corroborated',
  }),
  incident('wb06', '2017-01-14', 'Wadi Barada', 'all sides: a negotiator was shot dead', {
    kind: 'killing_of_negotiator',
    accused: ['unknown'],
    severity: 'grave',
    level: 'corroborated',
    exclusionClaimed: false,
    killed: { min: 1, max: 1 },
    denial: { by: 'saa', text: 'Gunmen did it.' },
  }),
  incident('wb07', '2017-01-14', 'Ain al-Khadra and the hill', 'SOHR; Hezbollah', {
    kind: 'territorial_gain',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'corroborated',
  }),
  incident('wb08', '2017-01-15', 'Deir Qanun, a hall that sheltered the displaced', 'SOHR; Civil Defence', {
    kind: 'indirect_fire',
    accused: ['saa'],
    severity: 'grave',
    level: 'corroborated',
    exclusionClaimed: false,
    killed: { min: 7, max: 12 },
    injured: { min: 20, max: 23 },
    denial: { by: 'russian_forces', text: 'Not confirmed by the Russian part of the Commission, 16 January.' },
  }),
  incident('wb09', '2017-01-18', 'north of the valley', 'SOHR: the valley is encircled', {
    kind: 'territorial_gain',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'corroborated',
  }),
  incident('wb10', '2017-01-19', 'Wadi Barada', 'local activists: after a local truce', {
    kind: 'air_strike',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'reported',
    exclusionClaimed: false,
    denial: { by: 'saa', text: 'The local truce has held since 15:00.' },
  }),
  incident('wb11', '2017-01-22', 'main square of Ain al-Fijah', 'pro-government media', {
    kind: 'territorial_gain',
    accused: ['saa'],
    severity: 'serious',
    level: 'corroborated',
  }),
  incident('wb12', '2017-01-25', 'the valley', 'local opposition sources', {
    kind: 'indirect_fire',
    accused: ['saa', 'hezbollah'],
    severity: 'moderate',
    level: 'reported',
  }),
  incident('wb13', '2017-01-26', 'Ain al-Fijah', 'a mapping project', {
    kind: 'small_arms_fire',
    accused: ['saa'],
    severity: 'moderate',
    level: 'reported',
  }),
  incident('wb14', '2017-01-27', 'Ain al-Fijah', 'a mapping project', {
    kind: 'ground_assault',
    accused: ['saa'],
    severity: 'serious',
    level: 'corroborated',
  }),
  incident('wb15', '2017-01-28', 'springs of Ain al-Fijah', 'all sides; the evacuation of 28-30 January', {
    kind: 'territorial_gain',
    accused: ['saa'],
    severity: 'grave',
    level: 'verified_remote',
  }),
];

/** The offensive that frames them: from 22 December 2016 through 29 January 2017, when the valley was evacuated. */
export const WADI_BARADA_OFFENSIVE = {
  name: 'Wadi Barada offensive',
  region: 'wadi-barada',
  fromDay: '2016-12-22',
  toDay: '2017-01-30',
  accused: ['saa', 'hezbollah'],
  exclusionClaim: { by: 'saa', target: 'jfs' },
} as const;

/** Declared at Astana for the rebel delegation: the ceasefire is destroyed if the valley is retaken. */
export const WADI_BARADA_RED_LINE = {
  declaredBy: 'jaysh_al_islam',
  region: 'wadi-barada',
  condition: { kind: 'territorial_gain', by: ['saa'] },
  text: 'The ceasefire will be destroyed if government forces retake Wadi Barada.',
} as const;

/**
 * The other battle of the same weeks: Islamic State's offensive on Deir ez-Zor from 14 January 2017 (UN, SOHR, state
 * media). An excluded actor: heavy violence, no violation.
 */
export const DEIR_EZZOR_INCIDENTS: readonly PlayedIncident[] = [
  incident('dz01', '2017-01-14', 'Deir ez-Zor, several sides of the city', 'SOHR; state media', {
    kind: 'ground_assault',
    accused: ['isis'],
    severity: 'grave',
    level: 'corroborated',
    exclusionClaimed: false,
  }),
  incident('dz02', '2017-01-16', 'Deir ez-Zor, between the city and the airport', 'SOHR; state media', {
    kind: 'territorial_gain',
    accused: ['isis'],
    severity: 'serious',
    level: 'corroborated',
    exclusionClaimed: false,
  }),
  incident('dz03', '2017-01-18', 'Deir ez-Zor, quarters held by the government', 'UN: air drops halted', {
    kind: 'indirect_fire',
    accused: ['isis'],
    severity: 'serious',
    level: 'reported',
    exclusionClaimed: false,
  }),
];
