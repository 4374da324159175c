// A large and a small log, writes to them, and how they are compared.
import type { Append, PostgresEventLog } from '../../../libs/event-log/src/index.js';
import type { OpenLog } from '../bench.js';
import { rate, ratios, type Sample } from '../harness/statistics.js';
import { measurementOf, type Measurement } from '../harness/row.js';
import { incidentOf } from '../scenario/seed-log.js';

export const GOALS = { time: { atMost: 1.2 }, memoryMiB: { atMost: 512 } } as const;

export type SizedLog = { readonly name: string; readonly events: number; readonly opened: OpenLog };

/** Time per operation of `big`, divided by that of `little`. */
export function timeRatio(big: readonly Sample[], little: readonly Sample[]) {
  return ratios(big, little, (sample) => 1 / rate(sample));
}

export function measurementsOf(...all: readonly (readonly [SizedLog, readonly Sample[]])[]): readonly Measurement[] {
  return all.map(([{ name }, samples]) => measurementOf(name, samples));
}

type Target = { readonly report: number; readonly version: number };

/** Cycles through the incidents of a span of reports and counts the events of each. */
export class IncidentCycle {
  #visits = 0;

  /** `step` and `count` must be coprime, so that each cycle visits all. */
  constructor(private readonly span: { readonly first: number; readonly count: number; readonly step: number }) {}

  next(): Target {
    const { first, count, step } = this.span;
    const target = { report: first + ((this.#visits * step) % count), version: 1 + Math.floor(this.#visits / count) };
    this.#visits += 1;
    return target;
  }
}

/** Appends a verification to the incident of a report. */
export async function appendVerification(log: PostgresEventLog, { report, version }: Target): Promise<number> {
  const outcome = await log.append(verification(incidentOf(report), version));
  if (outcome.kind !== 'appended') throw new Error(`incident ${report}: ${outcome.kind}`);
  return outcome.position;
}

function verification(incident: string, expected: number): Append {
  const data = { incident, level: 'verified_remote', severity: null } as const;
  return {
    writes: [
      {
        stream: `incident-${incident}`,
        expected,
        events: [{ event: { type: 'VerificationSet', data }, key: incident }],
      },
    ],
    meta: { by: { who: 'bench', role: 'verifier', party: null }, fingerprint: null, correlation: 'bench' },
  };
}
