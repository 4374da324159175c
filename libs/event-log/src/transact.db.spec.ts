import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { command, fact, streamName, write } from './event-log.contract.js';
import type { CommandMeta } from './event-log.js';
import { StaleVersion } from './failures.js';
import { PostgresEventLog } from './postgres-event-log.js';
import { transact, type StreamAddition, type Transaction } from './transact.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const meta = (fingerprint: string | null): CommandMeta => command(fingerprint).meta;

function adding(stream: string, fingerprint: string | null, ...names: readonly string[]): Transaction {
  return {
    streams: [stream],
    decide: () => [{ stream, events: names.map((name) => fact(name)) }],
    meta: meta(fingerprint),
  };
}

describe('A transaction', () => {
  it('starts and continues streams, and returns their versions', async () => {
    const [report, incident] = [streamName(), `incident-${randomUUID()}`];
    const opened = await transact(database.log, {
      streams: [report],
      decide: () => [
        { stream: report, events: [fact('a')] },
        { stream: incident, events: [fact('b'), fact('c')] },
      ],
      meta: meta('f'),
    });
    const { position, recordedAt } = await database.log.head();
    expect(opened).toEqual({
      outcome: 'appended',
      position,
      recordedAt,
      versions: new Map([
        [report, 1],
        [incident, 2],
      ]),
    });
    const more = await transact(database.log, adding(incident, 'g', 'd'));
    expect(more).toMatchObject({ outcome: 'appended', versions: new Map([[incident, 3]]) });
  });

  it('decides on all events of its streams', async () => {
    const stream = streamName();
    await transact(database.log, adding(stream, 'f', 'a', 'b'));
    let seen: number[] = [];
    await transact(database.log, {
      ...adding(stream, 'g'),
      decide: (histories) => {
        seen = [...histories.values()].map((history) => history.length);
        return [];
      },
    });
    expect(seen).toEqual([2]);
  });

  it('answers a repeat with the first result, without deciding again', async () => {
    const stream = streamName();
    const first = await transact(database.log, adding(stream, 'f', 'a', 'b'));
    await transact(database.log, adding(stream, 'g', 'c'));
    const again = await transact(database.log, {
      ...adding(stream, 'f'),
      decide: () => {
        throw new Error('decided again');
      },
    });
    const [event] = await database.log.readStream(stream);
    expect(again).toEqual({ ...first, outcome: 'repeated', first: event });
  });

  it('recognises a repeat among the events after the version that the caller gave', async () => {
    const stream = streamName();
    await transact(database.log, adding(stream, 'f', 'a'));
    const second = await transact(database.log, { ...adding(stream, 'f', 'a again'), ifMatch: 1 });
    expect(second).toMatchObject({ outcome: 'appended', versions: new Map([[stream, 2]]) });
    const repeat = await transact(database.log, { ...adding(stream, 'f', 'a again'), ifMatch: 1 });
    expect(repeat).toMatchObject({ outcome: 'repeated', position: second.position });
  });

  it('is refused when the caller gave another version', async () => {
    const stream = streamName();
    await transact(database.log, adding(stream, 'f', 'a', 'b'));
    for (const ifMatch of [0, 1, 3]) {
      await expect(transact(database.log, { ...adding(stream, 'g', 'c'), ifMatch })).rejects.toThrow(StaleVersion);
    }
    expect(await transact(database.log, { ...adding(stream, 'g', 'c'), ifMatch: 2 })).toMatchObject({
      outcome: 'appended',
    });
  });

  it('reports when there was nothing to add', async () => {
    const stream = streamName();
    const appended = await transact(database.log, adding(stream, 'f', 'a'));
    expect(await transact(database.log, adding(stream, 'g'))).toEqual({
      outcome: 'unchanged',
      position: appended.position,
      recordedAt: appended.recordedAt,
      versions: new Map([[stream, 1]]),
    });
    const empty = streamName();
    expect(await transact(database.log, adding(empty, 'g'))).toMatchObject({ position: 0, recordedAt: null });
  });

  it('decides again when another writer was first, even on a stream that it only read', async () => {
    const [target, read] = [streamName(), streamName()];
    const other = new PostgresEventLog(database.databases);
    let decisions = 0;
    let intruding: Promise<unknown> = Promise.resolve();
    const done = await transact(
      // Another write happens between load and append.
      interruptedLog(async () => {
        if (decisions === 1) intruding = other.append(command('x', write(read, 0, 'meanwhile')));
        await intruding;
      }),
      {
        streams: [target, read],
        decide: (histories): readonly StreamAddition[] => {
          decisions += 1;
          return [{ stream: target, events: [fact(`saw ${histories.get(read)?.length ?? 0}`)] }];
        },
        meta: meta('f'),
      },
    );
    expect(decisions).toBe(2);
    expect(done).toMatchObject({ outcome: 'appended' });
    expect((await database.log.readStream(target)).map(({ data }) => data)).toMatchObject([{ report: 'saw 1' }]);
  });

  it('counts exactly under concurrency from two processes', async () => {
    const stream = streamName();
    const other = new PostgresEventLog(database.databases);
    const count = (log: PostgresEventLog): Promise<unknown> =>
      transact(log, {
        streams: [stream],
        decide: (histories) => [{ stream, events: [fact(String(histories.get(stream)?.length ?? 0))] }],
        meta: meta(null),
      });
    await Promise.all(Array.from({ length: 15 }, () => [count(database.log), count(other)]).flat());
    const names = (await database.log.readStream(stream)).map(({ data }) => data);
    expect(names).toEqual(names.map((_, index) => ({ report: String(index), incident: null })));
    expect(names).toHaveLength(30);
  });

  it('gives the same answer to concurrent repeats', async () => {
    const stream = streamName();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => transact(database.log, adding(stream, 'f', 'a', 'b'))),
    );
    expect(new Set(answers.map(({ position, recordedAt }) => `${position} ${recordedAt ?? ''}`)).size).toBe(1);
    expect(await database.log.readStream(stream)).toHaveLength(2);
  });

  it('passes on the error of a refusal, and then runs the next command', async () => {
    const stream = streamName();
    const refusing = {
      ...adding(stream, 'f'),
      decide: (): never => {
        throw new Error('refused by a rule');
      },
    };
    await expect(transact(database.log, refusing)).rejects.toThrow('refused by a rule');
    expect(await transact(database.log, adding(stream, 'f', 'a'))).toMatchObject({ outcome: 'appended' });
  });
});

/** The real log, with a hook before each append. */
function interruptedLog(before: () => Promise<void>): PostgresEventLog {
  return new (class extends PostgresEventLog {
    override async append(...args: Parameters<PostgresEventLog['append']>): ReturnType<PostgresEventLog['append']> {
      await before();
      return super.append(...args);
    }
  })(database.databases);
}
