// The projections that can be named on the command line.
import { AlertsProjection } from '#alerting';
import type { Settings } from '#platform';
import type { Projection } from '#projection';
import { FactsProjection } from '#status';
import { Failure } from './failure.js';

export function projections({ alertHorizonDays }: Settings): readonly Projection[] {
  return [new FactsProjection(), new AlertsProjection(alertHorizonDays)];
}

export function projectionNamed(name: string, settings: Settings): Projection {
  const known = projections(settings);
  const found = known.find((projection) => projection.name === name);
  if (found) return found;
  throw new Failure(`There is no projection ${name}. The projections are ${known.map((one) => one.name).join(', ')}.`);
}
