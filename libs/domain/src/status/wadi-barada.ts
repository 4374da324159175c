// The running example: what happened in the Barada valley in January 2017, day by day, for `barada play` and for tests.
//
// Sources: press and monitors of the time; `saidBy` and `deniedBy` name the source for each day
//  (SOHR: Syrian Observatory for Human Rights). The coding of severity and of the verification level is ours.
// Days are days in Damascus; every act lies in the valley.
import type { Range } from '../report/report-events.js';
import type { Instant, ReportKind, Severity, VerificationLevel } from '../vocabulary.js';

export type ValleyIncident = {
  readonly id: string;
  readonly day: string;
  readonly place: string;
  readonly kind: ReportKind;
  readonly what: string;
  readonly accused: readonly string[];
  readonly target: 'civilians' | null;
  /** "We fired at Fatah al-Sham": who claims it; nobody has assessed it. */
  readonly exclusionClaimBy: string | null;
  readonly severity: Severity;
  readonly level: VerificationLevel;
  readonly killed: Range | null;
  readonly injured: Range | null;
  readonly saidBy: string;
  /** The actor that contradicts, and what it says. */
  readonly deniedBy: string | null;
  readonly denial: string | null;
};

type Coded = Pick<
  ValleyIncident,
  'id' | 'day' | 'place' | 'kind' | 'what' | 'accused' | 'severity' | 'level' | 'saidBy'
>;

const NOT_CODED = {
  target: null,
  exclusionClaimBy: null,
  killed: null,
  injured: null,
  deniedBy: null,
  denial: null,
} as const;

/** Claimed by the attacker to be aimed at Fatah al-Sham. */
function claimedExcluded(coded: Coded, more: Partial<ValleyIncident> = {}): ValleyIncident {
  return { ...NOT_CODED, ...coded, exclusionClaimBy: coded.accused[0] ?? null, ...more };
}

function unclaimed(coded: Coded, more: Partial<ValleyIncident> = {}): ValleyIncident {
  return { ...NOT_CODED, ...coded, ...more };
}

export const VALLEY_REGION = 'wadi-barada';

export const VALLEY_INCIDENTS: readonly ValleyIncident[] = [
  claimedExcluded(
    {
      id: 'wb01',
      day: '2017-01-01',
      place: 'Ain al-Fijah',
      kind: 'ground_assault',
      what: 'ground assault',
      accused: ['saa', 'ndf', 'hezbollah'],
      severity: 'serious',
      level: 'corroborated',
      saidBy: 'media close to the government, as an attack on Fatah al-Sham',
    },
    { deniedBy: 'fsa', denial: 'no exempt target was there: a breach' },
  ),
  claimedExcluded(
    {
      id: 'wb02',
      day: '2017-01-02',
      place: 'outskirts of Ain al-Fijah',
      kind: 'territorial_gain',
      what: 'government forces reach the outskirts',
      accused: ['saa', 'hezbollah'],
      severity: 'serious',
      level: 'corroborated',
      saidBy: 'SOHR; media close to the government said that the village was taken, which was wrong',
    },
    { deniedBy: 'fsa', denial: 'the village was not taken' },
  ),
  claimedExcluded(
    {
      id: 'wb03',
      day: '2017-01-06',
      place: 'three villages and the area of the spring',
      kind: 'air_strike',
      what: 'air strikes',
      accused: ['syaaf'],
      severity: 'serious',
      level: 'corroborated',
      saidBy: 'residents; rebels',
    },
    { deniedBy: 'hezbollah', denial: 'a truce of some hours held that day (Ahrar al-Sham: "a lie")' },
  ),
  claimedExcluded({
    id: 'wb04',
    day: '2017-01-07',
    place: 'Basima axis',
    kind: 'ground_assault',
    what: 'armed clash',
    accused: ['saa', 'hezbollah'],
    severity: 'moderate',
    level: 'reported',
    saidBy: 'an outlet of the Free Syrian Army',
  }),
  claimedExcluded({
    id: 'wb05',
    day: '2017-01-12',
    place: 'Bassema',
    kind: 'territorial_gain',
    what: 'government forces regain territory',
    accused: ['saa'],
    severity: 'serious',
    level: 'corroborated',
    saidBy: 'a map project; later reports',
  }),
  unclaimed(
    {
      id: 'wb06',
      day: '2017-01-14',
      place: 'Wadi Barada',
      kind: 'killing_of_negotiator',
      what: 'the negotiator Ahmad al-Ghadban is shot dead',
      accused: ['unknown'],
      severity: 'grave',
      level: 'corroborated',
      saidBy: 'all sides; who did it is disputed',
    },
    { killed: { min: 1, max: 1 } },
  ),
  claimedExcluded({
    id: 'wb07',
    day: '2017-01-14',
    place: 'Ain al-Khadra and the hill',
    kind: 'territorial_gain',
    what: 'government forces regain territory',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'corroborated',
    saidBy: 'SOHR; Hezbollah',
  }),
  unclaimed(
    {
      id: 'wb08',
      day: '2017-01-15',
      place: 'Deir Qanun, the hall al-Reem',
      kind: 'indirect_fire',
      what: 'a shelter of displaced people is shelled',
      accused: ['saa'],
      severity: 'grave',
      level: 'corroborated',
      saidBy: 'SOHR (7, then 9 dead); Civil Defence and Wadi Barada Media Centre (12); The New Arab (10 or more)',
    },
    { target: 'civilians', killed: { min: 7, max: 12 }, injured: { min: 20, max: 23 } },
  ),
  claimedExcluded({
    id: 'wb09',
    day: '2017-01-18',
    place: 'north of the valley',
    kind: 'territorial_gain',
    what: 'the valley is encircled',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'corroborated',
    saidBy: 'SOHR',
  }),
  unclaimed({
    id: 'wb10',
    day: '2017-01-19',
    place: 'Wadi Barada',
    kind: 'air_strike',
    what: 'air strike after a local truce had come into force at 15:00',
    accused: ['saa', 'hezbollah'],
    severity: 'serious',
    level: 'reported',
    saidBy: 'local activists',
  }),
  claimedExcluded({
    id: 'wb11',
    day: '2017-01-22',
    place: 'Ain al-Fijah, main square',
    kind: 'territorial_gain',
    what: 'government forces regain territory',
    accused: ['saa'],
    severity: 'serious',
    level: 'corroborated',
    saidBy: 'media close to the government',
  }),
  claimedExcluded({
    id: 'wb12',
    day: '2017-01-25',
    place: 'the valley',
    kind: 'indirect_fire',
    what: 'shelling',
    accused: ['saa', 'hezbollah'],
    severity: 'moderate',
    level: 'reported',
    saidBy: 'local opposition sources',
  }),
  claimedExcluded({
    id: 'wb13',
    day: '2017-01-26',
    place: 'Ain al-Fijah',
    kind: 'small_arms_fire',
    what: 'skirmish',
    accused: ['saa'],
    severity: 'moderate',
    level: 'reported',
    saidBy: 'a map project',
  }),
  claimedExcluded({
    id: 'wb14',
    day: '2017-01-27',
    place: 'Ain al-Fijah',
    kind: 'ground_assault',
    what: 'ground assault',
    accused: ['saa'],
    severity: 'serious',
    level: 'corroborated',
    saidBy: 'a map project',
  }),
  claimedExcluded({
    id: 'wb15',
    day: '2017-01-28',
    place: 'the springs of Ain al-Fijah',
    kind: 'territorial_gain',
    what: 'the army takes the springs',
    accused: ['saa'],
    severity: 'grave',
    level: 'verified_remote',
    saidBy: 'all sides; the fighters leave from 28 to 30 January',
  }),
];

type ValleyEpisode = {
  readonly kind: 'offensive';
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly accused: readonly string[];
  readonly exclusionClaim: { readonly by: string; readonly target: string };
};

/** 22 December to the end of 29 January, days in Damascus. */
export const VALLEY_EPISODE: ValleyEpisode = {
  kind: 'offensive',
  name: 'Offensive of Wadi Barada',
  from: '2016-12-22T00:00:00+02:00',
  to: '2017-01-30T00:00:00+02:00',
  accused: ['saa', 'hezbollah'],
  exclusionClaim: { by: 'saa', target: 'jfs' },
};

type ValleyRedLine = {
  readonly declaredBy: string;
  readonly condition: { readonly kind: ReportKind; readonly by: readonly string[] };
  readonly text: string;
};

/** Said by a delegate of the rebels at Astana, 23-24 January 2017. */
export const VALLEY_RED_LINE: ValleyRedLine = {
  declaredBy: 'jaysh_al_islam',
  condition: { kind: 'territorial_gain', by: ['saa'] },
  text: 'The ceasefire is destroyed if government forces retake the valley.',
};
