// Continuous writers: reports, verifications and nil reports, each retried until it is acknowledged.
import { setTimeout as sleep } from 'node:timers/promises';
import { incident, type DomainEvent } from '#domain';
import {
  isConnectionFailure,
  LogUnavailable,
  Overloaded,
  stateOf,
  transact,
  type Append,
  type CommandMeta,
  type EventLog,
} from '#event-log';
import { SeededRandom } from '../support/seeded-random.js';
import type { Acknowledged } from './log-check.js';

const PAUSE_MS = 50;
const REGIONS = ['SY', 'SY03', 'SY0307', 'SY030702'] as const;

export class Writers {
  readonly acknowledged: Acknowledged[] = [];
  /** Number of finished commands per writer. */
  readonly done: number[];
  /** Errors that no client should ever see. */
  readonly unexpectedAnswers = new Set<string>();
  #running = true;
  readonly #loops: readonly Promise<void>[];

  constructor(
    private readonly log: EventLog,
    seed: number,
    count: number,
  ) {
    this.done = Array.from({ length: count }, () => 0);
    this.#loops = this.done.map((_, writer) => this.#write(writer, new SeededRandom(seed + writer)));
  }

  /** Resolves once every pending command has been answered, or after the timeout. */
  async stop(timeoutMs: number): Promise<void> {
    this.#running = false;
    const over = new AbortController();
    const timeout = sleep(timeoutMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#loops), timeout]);
    over.abort();
  }

  async #write(writer: number, random: SeededRandom): Promise<void> {
    while (this.#running) {
      if (random.between(1, 4) === 1) await this.#nil(random);
      else await this.#violation(random);
      this.done[writer] = (this.done[writer] ?? 0) + 1;
    }
  }

  async #nil(random: SeededRandom): Promise<void> {
    const report = random.uuid();
    await this.#submit([[`report-${report}`, nilReport(report), 'SY030702']], metaOf(random));
  }

  async #violation(random: SeededRandom): Promise<void> {
    const [report, opened] = [random.uuid(), random.uuid()];
    const begun: readonly FirstEvent[] = [
      [`report-${report}`, violationReport(report, opened, random), opened],
      [
        `incident-${opened}`,
        { type: 'IncidentOpened', data: { incident: opened, report, splitFrom: null, carried: [] } },
        opened,
      ],
    ];
    await this.#submit(begun, metaOf(random));
    if (random.between(1, 2) === 1) await this.#verify(opened, metaOf(random));
  }

  async #submit(begun: readonly FirstEvent[], meta: CommandMeta): Promise<void> {
    const writes = begun.map(([stream, event, key]) => ({ stream, expected: 0, events: [{ event, key }] }));
    const command: Append = { writes, meta };
    const position = await this.#retry(async () => {
      const outcome = await this.log.append(command);
      if (outcome.kind === 'appended') return outcome.position;
      if (outcome.kind === 'duplicate') return outcome.first.commandEnd;
      throw new Error(`appending to a new stream returned ${outcome.kind}`);
    });
    for (const { stream } of writes) this.acknowledged.push({ stream, version: 1, position });
  }

  /** Load, decide, append, as every command on an existing stream. */
  async #verify(opened: string, meta: CommandMeta): Promise<void> {
    const stream = `incident-${opened}`;
    const command = { type: 'SetVerification', level: 'verified_remote', severity: null } as const;
    const position = await this.#retry(async () => {
      const done = await transact(this.log, {
        streams: [stream],
        meta,
        decide: (histories) => {
          const events = incident.decide(command, stateOf(incident, histories.get(stream)));
          return [{ stream, events: events.map((event) => ({ event, key: opened })) }];
        },
      });
      if (done.outcome === 'unchanged') throw new Error('the verification changed nothing');
      return done.position;
    });
    this.acknowledged.push({ stream, version: 2, position });
  }

  /** Retries transient errors and records all others. */
  async #retry(send: () => Promise<number>): Promise<number> {
    for (;;) {
      try {
        return await send();
      } catch (error) {
        if (!isTransient(error)) this.unexpectedAnswers.add(String(error));
      }
      await sleep(PAUSE_MS);
    }
  }
}

type FirstEvent = readonly [stream: string, event: DomainEvent, key: string];

function isTransient(error: unknown): boolean {
  return error instanceof LogUnavailable || error instanceof Overloaded || isConnectionFailure(error);
}

function metaOf(random: SeededRandom): CommandMeta {
  const id = random.uuid();
  return { by: { who: 'm-1', role: 'monitor', party: null }, fingerprint: id, correlation: id };
}

const SOURCE = { monitor: 'm-1', organisation: 'o-1' };
const PLACE = { region: 'SY030702', regions: REGIONS, precision: null };

function violationReport(report: string, incident: string, random: SeededRandom): DomainEvent {
  const from = `2017-01-${String(random.between(1, 31)).padStart(2, '0')}T10:00:00Z`;
  return {
    type: 'ReportSubmitted',
    data: {
      ...{ report, incident, type: 'violation', source: SOURCE, flags: [] },
      content: {
        ...{ occurred: { from, to: null, precision: 'hour' }, place: PLACE, kind: 'indirect_fire' },
        ...{ severity: random.pick(['minor', 'grave']), means: 'seen', accused: ['saa'], target: 'civilians' },
        ...{ casualties: { killed: null, injured: null }, quantity: null, language: null, evidenceCount: 0 },
      },
    },
  };
}

function nilReport(report: string): DomainEvent {
  const observed = { from: '2017-01-15T06:00:00Z', to: '2017-01-15T18:00:00Z' };
  return {
    type: 'ReportSubmitted',
    data: {
      ...{ report, type: 'nil', source: SOURCE, flags: [] },
      content: { observed, area: PLACE, means: 'seen', deniedBy: null },
    },
  };
}
