// The contract that every EventLog keeps, and builders for tests of the log.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Append, EventLog, NewEvent, StoredEvent, StreamWrite } from './event-log.js';

// Together the writers write some 40 000 events; the odd-numbered ones write as another process would.
const WRITERS = 12;
const EVENTS_A_STREAM = 3;
const STREAMS_EACH = 1_112;

/** An event that is identified by its name. */
export function fact(name: string, confidential?: NewEvent['confidential']): NewEvent {
  return {
    key: 'SY0307',
    event: { type: 'ReportWithdrawn', data: { report: name, incident: null } },
    ...(confidential ? { confidential } : {}),
  };
}

export function write(stream: string, expected: number, ...names: readonly string[]): StreamWrite {
  return { stream, expected, events: names.map((name) => fact(name)) };
}

/** A new command; `fingerprint` stands for its content. */
export function command(fingerprint: string | null, ...writes: readonly StreamWrite[]): Append {
  return {
    writes,
    meta: { by: { who: 'm-1', role: 'monitor', party: null }, fingerprint, correlation: randomUUID() },
  };
}

export function streamName(): string {
  return `report-${randomUUID()}`;
}

const namesIn = (events: readonly StoredEvent[]): unknown[] =>
  events.map(({ data }) => (data as { report?: string }).report ?? null);

/** `other` is the same log, opened once more as another process would. */
export function testEventLogContract(
  name: string,
  open: () => Promise<{ readonly log: EventLog; readonly other: EventLog }>,
): void {
  describe(`${name} keeps the event log contract`, () => {
    let log: EventLog;
    let other: EventLog;
    beforeAll(async () => {
      ({ log, other } = await open());
    });

    describe('An append', () => {
      it('is read back as it was written', async () => {
        const stream = streamName();
        const append = command('f', write(stream, 0, 'one', 'two'));
        const outcome = await log.append(append);
        const events = await log.readStream(stream);
        const last = events[1];
        expect(outcome).toEqual({ kind: 'appended', position: last?.position, recordedAt: last?.recordedAt });
        expect(events[0]).toEqual({
          position: Number(last?.position) - 1,
          stream,
          version: 1,
          key: 'SY0307',
          type: 'ReportWithdrawn',
          schemaVersion: 1,
          data: { report: 'one', incident: null },
          meta: append.meta,
          recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          commandEnd: last?.position,
        });
        expect(await log.head()).toEqual({ position: last?.position, recordedAt: last?.recordedAt });
      });

      it('stores the events of all its streams, one stream after the other', async () => {
        const [report, incident] = [streamName(), `incident-${randomUUID()}`];
        const before = await log.head();
        await log.append(command('f', write(report, 0, 'a'), write(incident, 0, 'b', 'c')));
        const events = await log.read(before.position, 10);
        expect(events.map(({ stream, version }) => [stream, version])).toEqual([
          [report, 1],
          [incident, 1],
          [incident, 2],
        ]);
        expect(events.map(({ commandEnd }) => commandEnd)).toEqual(events.map(() => before.position + 3));
      });

      it('stores nothing when one of its streams has changed', async () => {
        const [fresh, old] = [streamName(), streamName()];
        await log.append(command('f', write(old, 0, 'first')));
        const { position } = await log.head();
        expect(await log.append(command('g', write(fresh, 0, 'a'), write(old, 0, 'b')))).toEqual({
          kind: 'conflict',
          stream: old,
          actual: 1,
        });
        expect((await log.head()).position).toBe(position);
        expect(await log.readStream(fresh)).toEqual([]);
      });

      it('is refused when the stream has fewer or more events than expected', async () => {
        const stream = streamName();
        await log.append(command('f', write(stream, 0, 'one', 'two')));
        for (const expected of [1, 3]) {
          expect(await log.append(command('g', write(stream, expected, 'three')))).toEqual({
            kind: 'conflict',
            stream,
            actual: 2,
          });
        }
        expect(await log.append(command('g', write(streamName(), 1, 'lost')))).toMatchObject({ actual: 0 });
        expect(await log.append(command('g', write(stream, 2, 'three')))).toMatchObject({ kind: 'appended' });
      });

      it('can depend on a stream without adding to it', async () => {
        const [rest, stream] = [streamName(), streamName()];
        await log.append(command('f', write(rest, 0, 'one')));
        const stale = command('g', write(stream, 0, 'a'), write(rest, 0));
        expect(await log.append(stale)).toEqual({ kind: 'conflict', stream: rest, actual: 1 });
        expect(await log.append(command('g', write(stream, 0, 'a'), write(rest, 1)))).toMatchObject({
          kind: 'appended',
        });
      });

      it('is rejected as invalid without events, or with a stream twice', async () => {
        const stream = streamName();
        await expect(log.append(command('f', write(stream, 0)))).rejects.toThrow('no events');
        await expect(log.append(command('f', write(stream, 0, 'a'), write(stream, 1, 'b')))).rejects.toThrow('twice');
        await expect(log.append(command('f', write('two\nlines', 0, 'a')))).rejects.toThrow('line break');
      });
    });

    describe('A repeated submission', () => {
      it('is answered with the first event that was stored', async () => {
        const [report, incident] = [streamName(), streamName()];
        const submission = command('f', write(report, 0, 'a'), write(incident, 0, 'b'));
        const appended = await log.append(submission);
        const again = await log.append({ ...submission, meta: { ...submission.meta, correlation: 'another request' } });
        const [first] = await log.readStream(report);
        expect(again).toEqual({ kind: 'duplicate', first });
        expect(appended).toMatchObject({ position: first?.commandEnd, recordedAt: first?.recordedAt });
      });

      it('is stored once when many send it concurrently', async () => {
        const stream = streamName();
        const outcomes = await Promise.all(
          Array.from({ length: 50 }, (_, caller) =>
            (caller % 2 ? log : other).append(command('f', write(stream, 0, 'a'))),
          ),
        );
        const [first] = await log.readStream(stream);
        const kinds = outcomes.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'appended')).toHaveLength(1);
        expect(kinds.filter((kind) => kind === 'duplicate')).toHaveLength(49);
        expect(await log.readStream(stream)).toEqual([first]);
      });

      it('is refused when its content differs', async () => {
        const stream = streamName();
        await log.append(command('f', write(stream, 0, 'a')));
        expect(await log.append(command('g', write(stream, 0, 'b')))).toEqual({ kind: 'id_reused' });
      });

      it('is a conflict without a fingerprint, because a repeat cannot be recognised', async () => {
        const stream = streamName();
        await log.append(command(null, write(stream, 0, 'a')));
        const conflict = { kind: 'conflict', stream, actual: 1 };
        expect(await log.append(command(null, write(stream, 0, 'a')))).toEqual(conflict);
      });
    });

    describe('An invalid command', () => {
      it('does not affect the commands in the same batch', async () => {
        const taken = streamName();
        await log.append(command('f', write(taken, 0, 'first')));
        const good = Array.from({ length: 30 }, () => streamName());
        const unwritable = command('f', write(streamName(), 2 ** 40, 'no stream has that many'));
        const outcomes = await Promise.allSettled([
          ...good.slice(0, 10).map((stream) => log.append(command('f', write(stream, 0, 'a')))),
          log.append(command('g', write(taken, 0, 'other content'))),
          log.append(command('g', write(good[0] ?? '', 7, 'ahead'))),
          log.append(unwritable),
          ...good.slice(10).map((stream) => log.append(command('f', write(stream, 0, 'a')))),
        ]);
        const kinds = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.kind : 'failed'));
        const appended = (count: number): string[] => Array.from({ length: count }, () => 'appended');
        expect(kinds).toEqual([...appended(10), 'id_reused', 'conflict', 'failed', ...appended(20)]);
        for (const stream of good) expect(await log.readStream(stream)).toHaveLength(1);
      });
    });

    describe('Reading', () => {
      it('returns all events in one order, page by page', async () => {
        const { position } = await log.head();
        for (const name of ['a', 'b', 'c', 'd', 'e']) await log.append(command('f', write(streamName(), 0, name)));
        const page = await log.read(position, 2);
        const rest = await log.read(page.at(-1)?.position ?? 0, 10);
        expect(namesIn([...page, ...rest])).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect([...page, ...rest].map((event) => event.position - position)).toEqual([1, 2, 3, 4, 5]);
        expect(await log.read(position + 5, 10)).toEqual([]);
      });

      it('returns the events of a stream after a version', async () => {
        const stream = streamName();
        await log.append(command('f', write(stream, 0, 'one', 'two', 'three')));
        expect(namesIn(await log.readStream(stream, 1))).toEqual(['two', 'three']);
        expect(await log.readStream(streamName())).toEqual([]);
      });

      it('returns the events of given types up to a position', async () => {
        const { position } = await log.head();
        const merged: NewEvent = { key: 'i', event: { type: 'IncidentMerged', data: { incident: 'i', into: 'j' } } };
        const revised: NewEvent = {
          key: 'region-z',
          event: {
            type: 'BoundaryRevised',
            data: { region: 'z', boundary: { type: 'Polygon', coordinates: [] } },
          },
        };
        const events = [fact('a'), merged, revised, fact('b'), merged];
        await log.append(command('f', { stream: streamName(), expected: 0, events }));
        const positions = async (...args: Parameters<EventLog['readTypes']>): Promise<number[]> =>
          (await log.readTypes(...args)).map((event) => event.position - position);
        expect(await positions(['IncidentMerged'], position, position + 5)).toEqual([2, 5]);
        expect(await positions(['IncidentMerged', 'BoundaryRevised'], position, position + 4)).toEqual([2, 3]);
        expect(await positions(['BoundaryRevised', 'RegionDefined'], position, position + 5)).toEqual([3]);
        expect(await positions(['BoundaryRevised'], position + 3, position + 5)).toEqual([]);
      });

      it('finds the last position recorded at an instant', async () => {
        await log.append(command('f', write(streamName(), 0, 'a')));
        const { position, recordedAt } = await log.head();
        expect(await log.positionAt(recordedAt ?? '')).toBe(position);
        expect(await log.positionAt('2100-01-01T00:00:00.000Z')).toBe(position);
        expect(await log.positionAt('2016-12-29T22:00:00.000Z')).toBe(0);
        const all = await log.read(0, 1_000);
        const some = all.find((event) => event.recordedAt < (recordedAt ?? ''));
        expect(await log.positionAt(some?.recordedAt ?? '')).toBe(
          all.filter((event) => event.recordedAt <= (some?.recordedAt ?? '')).length,
        );
      });
    });

    describe('Waiting', () => {
      const longMs = 20_000;

      it('ends with an append by this process or another one', async () => {
        for (const writer of [log, other]) {
          const { position } = await log.head();
          const waited = log.waitForEventAfter(position, longMs, new AbortController().signal);
          await writer.append(command('f', write(streamName(), 0, 'a')));
          await waited;
          expect(await log.read(position, 1)).toHaveLength(1);
        }
      });

      it('ends at once when there already is a later event', async () => {
        const { position } = await log.head();
        await log.waitForEventAfter(position - 1, longMs, new AbortController().signal);
        expect(await log.read(position - 1, 10)).toHaveLength(1);
      });

      it('ends with its timeout, or when it is aborted', async () => {
        const { position } = await log.head();
        await log.waitForEventAfter(position, 10, new AbortController().signal);
        const aborting = new AbortController();
        const waited = log.waitForEventAfter(position, longMs, aborting.signal);
        aborting.abort();
        await waited;
        await log.waitForEventAfter(position, longMs, aborting.signal);
        expect((await log.head()).position).toBe(position);
      });
    });

    describe(`${WRITERS} concurrent writers`, () => {
      const timeoutMs = 120_000;

      it(
        'leave no gap, lose nothing and keep recorded time monotone, as seen by a reader that polls continuously',
        async () => {
          const { position: start } = await log.head();
          const writing = Promise.all(
            Array.from({ length: WRITERS }, (_, writer) => writeMany(writer % 2 ? log : other, STREAMS_EACH)),
          );
          const { events: seen, polls } = await pollUntil(writing, other, start);
          const written = (await writing).flat();
          const names = new Set(namesIn(seen));
          const counts = {
            missed: written.filter((name) => !names.has(name)).length,
            gaps: seen.filter(({ position }, index) => position !== start + index + 1).length,
            inversions: seen.filter(({ recordedAt }, index) => recordedAt < (seen[index - 1]?.recordedAt ?? '')).length,
          };
          report(`${WRITERS} writers, ${seen.length} events, ${polls} polls`, counts);
          expect(counts).toEqual({ missed: 0, gaps: 0, inversions: 0 });
          expect(seen).toHaveLength(WRITERS * STREAMS_EACH * EVENTS_A_STREAM);
        },
        timeoutMs,
      );
    });
  });
}

/** Reads without a pause, until the writers have ended and a further read returns nothing. */
async function pollUntil(
  writing: Promise<unknown>,
  log: EventLog,
  start: number,
): Promise<{ readonly events: readonly StoredEvent[]; readonly polls: number }> {
  const writers = { ended: false };
  const end = (): void => void (writers.ended = true);
  writing.then(end, end);
  const events: StoredEvent[] = [];
  for (let polls = 1; ; polls += 1) {
    const last = writers.ended;
    const page = await log.read(events.at(-1)?.position ?? start, 1_000);
    events.push(...page);
    if (last && page.length === 0) return { events, polls };
  }
}

/** Printed whether the test passes or fails: these counts are the point of the contract. */
function report(what: string, counts: Readonly<Record<string, number>>): void {
  const listed = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  process.stdout.write(`event log: ${what}: ${listed.join(', ')}\n`);
}

/** Writes streams of three events, the third by a second command. Returns the names of all events. */
async function writeMany(log: EventLog, streams: number): Promise<string[]> {
  const all: string[] = [];
  for (let n = 0; n < streams; n += 1) {
    const stream = streamName();
    const names = ['1', '2', '3'].map((which) => `${stream} ${which}`);
    const [one = '', two = '', three = ''] = names;
    await log.append(command('f', write(stream, 0, one, two)));
    await log.append(command(null, write(stream, 2, three)));
    all.push(...names);
  }
  return all;
}
