// Random reports: any time in January 2017, any sub-district.
import { MEANS, SEVERITIES } from '#domain';
import { astanaProfile } from '#profile';
import type { SeededRandom } from './seeded-random.js';

export type ReportBody = Readonly<Record<string, unknown>> & { readonly id: string };

const SUB_DISTRICTS = astanaProfile().flatMap(({ event }) =>
  event.type === 'RegionDefined' && event.data.level === 'subdistrict' ? [event.data.region] : [],
);
const KINDS = ['indirect_fire', 'air_strike', 'small_arms_fire', 'ground_assault', 'detention'] as const;
const ACCUSED = ['saa', 'hts', 'jaysh_al_islam'] as const;
const BEGIN_S = Date.parse('2016-12-30T00:00:00Z') / 1000;
const DAYS = 31;
const DAY_S = 86_400;
// One report in NIL_EVERY is a nil report.
const NIL_EVERY = 8;

export function randomReport(random: SeededRandom): ReportBody {
  return random.between(1, NIL_EVERY) === 1 ? nil(random) : violation(random);
}

function violation(random: SeededRandom): ReportBody {
  return {
    id: random.uuid(),
    type: 'violation',
    occurred: { from: instant(random), precision: 'hour' },
    place: { region: subDistrict(random) },
    kind: random.pick(KINDS),
    severity: random.pick(SEVERITIES),
    means: random.pick(MEANS),
    accused: [random.pick(ACCUSED)],
    target: { actor: 'civilians' },
    narrative: `Random report ${random.between(1, 1_000_000)}.`,
  };
}

function nil(random: SeededRandom): ReportBody {
  const from = BEGIN_S + random.between(0, DAYS - 1) * DAY_S;
  return {
    id: random.uuid(),
    type: 'nil',
    observed: { from: iso(from), to: iso(from + DAY_S) },
    area: { region: subDistrict(random) },
    means: 'seen',
  };
}

function subDistrict(random: SeededRandom): string {
  return SUB_DISTRICTS[random.between(0, SUB_DISTRICTS.length - 1)] ?? 'SY030702';
}

function instant(random: SeededRandom): string {
  return iso(BEGIN_S + random.between(0, DAYS * DAY_S));
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
