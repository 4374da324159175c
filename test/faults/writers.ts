// Writers that never stop: reports, verifications and nil reports, each sent again until somebody answers for it.
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
import { Chance } from '../support/chance.js';
import type { Acknowledged } from './verdict.js';

const PAUSE_MS = 50;
const REGIONS = ['SY', 'SY03', 'SY0307', 'SY030702'] as const;

export class Writers {
  readonly acknowledged: Acknowledged[] = [];
  /** How many commands each writer has brought to an end. */
  readonly done: number[];
  /** Answers that no client should ever get. */
  readonly surprises = new Set<string>();
  #going = true;
  readonly #loops: readonly Promise<void>[];

  constructor(
    private readonly log: EventLog,
    seed: number,
    count: number,
  ) {
    this.done = Array.from({ length: count }, () => 0);
    this.#loops = this.done.map((_, writer) => this.#write(writer, new Chance(seed + writer)));
  }

  /** Resolves once every command under way has been answered, or the patience is over. */
  async stop(patienceMs: number): Promise<void> {
    this.#going = false;
    const over = new AbortController();
    const patience = sleep(patienceMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#loops), patience]);
    over.abort();
  }

  async #write(writer: number, chance: Chance): Promise<void> {
    while (this.#going) {
      if (chance.between(1, 4) === 1) await this.#nil(chance);
      else await this.#violation(chance);
      this.done[writer] = (this.done[writer] ?? 0) + 1;
    }
  }

  async #nil(chance: Chance): Promise<void> {
    const report = chance.uuid();
    await this.#submit([[`report-${report}`, nilReport(report), 'SY030702']], metaOf(chance));
  }

  async #violation(chance: Chance): Promise<void> {
    const [report, opened] = [chance.uuid(), chance.uuid()];
    const begun: readonly Begun[] = [
      [`report-${report}`, violationReport(report, opened, chance), opened],
      [
        `incident-${opened}`,
        { type: 'IncidentOpened', data: { incident: opened, report, splitFrom: null, carried: [] } },
        opened,
      ],
    ];
    await this.#submit(begun, metaOf(chance));
    if (chance.between(1, 2) === 1) await this.#verify(opened, metaOf(chance));
  }

  async #submit(begun: readonly Begun[], meta: CommandMeta): Promise<void> {
    const writes = begun.map(([stream, event, key]) => ({ stream, expected: 0, events: [{ event, key }] }));
    const command: Append = { writes, meta };
    const position = await this.#untilAnswered(async () => {
      const outcome = await this.log.append(command);
      if (outcome.kind === 'appended') return outcome.position;
      if (outcome.kind === 'duplicate') return outcome.first.commandEnd;
      throw new Error(`a new stream is answered ${outcome.kind}`);
    });
    for (const { stream } of writes) this.acknowledged.push({ stream, version: 1, position });
  }

  /** Load, decide, append, as every command on an existing thing. */
  async #verify(opened: string, meta: CommandMeta): Promise<void> {
    const stream = `incident-${opened}`;
    const command = { type: 'SetVerification', level: 'verified_remote', severity: null } as const;
    const position = await this.#untilAnswered(async () => {
      const done = await transact(this.log, {
        streams: [stream],
        meta,
        decide: (histories) => {
          const events = incident.decide(command, stateOf(incident, histories.get(stream)));
          return [{ stream, events: events.map((event) => ({ event, key: opened })) }];
        },
      });
      if (done.outcome === 'unchanged') throw new Error('a verification is said to change nothing');
      return done.position;
    });
    this.acknowledged.push({ stream, version: 2, position });
  }

  /** Only what says "send it again" is sent again. */
  async #untilAnswered(send: () => Promise<number>): Promise<number> {
    for (;;) {
      try {
        return await send();
      } catch (error) {
        if (!isPassing(error)) this.surprises.add(String(error));
      }
      await sleep(PAUSE_MS);
    }
  }
}

type Begun = readonly [stream: string, event: DomainEvent, key: string];

function isPassing(error: unknown): boolean {
  return error instanceof LogUnavailable || error instanceof Overloaded || isConnectionFailure(error);
}

function metaOf(chance: Chance): CommandMeta {
  const id = chance.uuid();
  return { by: { who: 'm-1', role: 'monitor', party: null }, fingerprint: id, correlation: id };
}

const SOURCE = { monitor: 'm-1', organisation: 'o-1' };
const PLACE = { region: 'SY030702', regions: REGIONS, precision: null };

function violationReport(report: string, incident: string, chance: Chance): DomainEvent {
  const from = `2017-01-${String(chance.between(1, 31)).padStart(2, '0')}T10:00:00Z`;
  return {
    type: 'ReportSubmitted',
    data: {
      ...{ report, incident, type: 'violation', source: SOURCE, flags: [] },
      content: {
        ...{ occurred: { from, to: null, precision: 'hour' }, place: PLACE, kind: 'indirect_fire' },
        ...{ severity: chance.oneOf(['minor', 'grave']), means: 'seen', accused: ['saa'], target: 'civilians' },
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
