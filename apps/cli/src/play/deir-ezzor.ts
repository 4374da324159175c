// The other battle of the same weeks: Islamic State's offensive on Deir ez-Zor from 14 January 2017, as reported by the
// UN, SOHR and state media. The actor is excluded: heavy violence, no violation.
import type { ValleyIncident } from '#domain';

type ExcludedAct = Pick<ValleyIncident, 'id' | 'day' | 'place' | 'what' | 'kind' | 'severity' | 'level' | 'saidBy'>;

function act(coded: ExcludedAct): ValleyIncident {
  return {
    ...coded,
    accused: ['isis'],
    target: null,
    exclusionClaimBy: null,
    killed: null,
    injured: null,
    deniedBy: null,
    denial: null,
  };
}

/** The sub-district that holds the city. */
export const DEIR_EZZOR_REGION = 'SY090100';

export const DEIR_EZZOR_INCIDENTS: readonly ValleyIncident[] = [
  act({
    id: 'dz01',
    day: '2017-01-14',
    place: 'Deir ez-Zor, several sides of the city',
    what: 'Islamic State attacks the city from several sides',
    kind: 'ground_assault',
    severity: 'grave',
    level: 'corroborated',
    saidBy: 'SOHR; state media',
  }),
  act({
    id: 'dz02',
    day: '2017-01-16',
    place: 'Deir ez-Zor, between the city and the airport',
    what: 'Islamic State cuts the city off from its airport',
    kind: 'territorial_gain',
    severity: 'serious',
    level: 'corroborated',
    saidBy: 'SOHR; state media',
  }),
  act({
    id: 'dz03',
    day: '2017-01-18',
    place: 'Deir ez-Zor, quarters held by the government',
    what: 'shelling of besieged quarters',
    kind: 'indirect_fire',
    severity: 'serious',
    level: 'reported',
    saidBy: 'UN: air drops were halted for the shelling',
  }),
];
