import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closePool, openPool } from '#database';
import type { Boundary, DomainEvent } from '#domain';
import type { Position } from '#event-log';
import { loadAstanaProfile } from '#profile';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { LogRegistry } from './log-registry.js';

let database: TestDatabase;
let registry: LogRegistry;
let failures: unknown[];
beforeEach(async () => {
  database = await openTestDatabase();
  failures = [];
  registry = new LogRegistry(database.log, (error) => failures.push(error));
});
afterEach(async () => {
  await registry.stop();
  await database.drop();
});

async function append(stream: string, expected: number, event: DomainEvent): Promise<Position> {
  const outcome = await database.log.append({
    writes: [{ stream, expected, events: [{ event, key: stream }] }],
    meta: { by: { who: 'spec', role: 'operator', party: null }, fingerprint: null, correlation: 'spec' },
  });
  if (outcome.kind !== 'appended') throw new Error(`not appended: ${outcome.kind}`);
  return outcome.position;
}

function organisation(pseudonym: string): Promise<Position> {
  const data = { organisation: pseudonym, alignment: 'independent' };
  return append(`organisation-${pseudonym}`, 0, { type: 'OrganisationRegistered', data });
}

function episode(id: string): Promise<Position> {
  const data = { episode: id, region: 'SY', to: '2017-01-30T00:00:00Z' };
  return append(`episode-${id}`, 0, { type: 'EpisodeClosed', data });
}

function square(size: number): Boundary {
  const ring = [
    [36, 33],
    [36 + size, 33],
    [36 + size, 33 + size],
    [36, 33 + size],
    [36, 33],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

describe('the registry', () => {
  it('is empty on an empty log', async () => {
    await registry.start();
    expect(registry.current.position).toBe(0);
    expect(registry.current.regions.all).toEqual([]);
    expect(registry.current.locate({ lon: 36, lat: 33 })).toBeNull();
    expect((await registry.asKnownAt(7)).position).toBe(0);
  });

  it('has the registers of the log as soon as it has started', async () => {
    await loadAstanaProfile(database.log);
    await registry.start();
    expect(registry.current.position).toBe(375);
    expect(registry.current.regions.all).toHaveLength(350);
  });

  it('follows the log', async () => {
    await registry.start();
    await loadAstanaProfile(database.log);
    await eventually(() => {
      expect(registry.current.regions.all).toHaveLength(350);
    });
    const last = await organisation('a');
    await eventually(() => {
      expect(registry.current.position).toBe(last);
    });
    expect(registry.current.alignments.get('a')).toBe('independent');
    expect(failures).toEqual([]);
  });

  it('refreshes to the head once for concurrent callers', async () => {
    for (const name of ['a', 'b', 'c']) {
      const asked = [registry.refresh()];
      const position = await organisation(name);
      asked.push(registry.refresh(), registry.refresh());
      const [, second, third] = await Promise.all(asked);
      expect(second?.alignments.has(name)).toBe(true);
      expect(third?.position).toBe(position);
    }
  });

  it('skips events that belong to no register', async () => {
    await organisation('a');
    const position = await episode('e1');
    const register = await registry.refresh();
    expect(register.position).toBe(position);
    expect([...register.alignments.keys()]).toEqual(['a']);
  });

  it('reads the same at a position as when that was the head', async () => {
    await loadAstanaProfile(database.log);
    const inside = { lon: 36.05, lat: 33.05 };
    const seen = [await registry.refresh()];
    const revise = (version: number, size: number): Promise<Position> =>
      append('region-SY0301', version, {
        type: 'BoundaryRevised',
        data: { region: 'SY0301', boundary: square(size) },
      });
    await revise(1, 0.1);
    seen.push(await registry.refresh());
    await episode('e1');
    seen.push(await registry.refresh());
    await revise(2, 0.01);
    seen.push(await registry.refresh());
    await organisation('a');
    seen.push(await registry.refresh());
    expect(seen.map(({ locate }) => locate(inside)?.by)).toEqual([
      'nearest_centre',
      'shape',
      'shape',
      'nearest_centre',
      'nearest_centre',
    ]);
    const fresh = new LogRegistry(database.log, (error) => failures.push(error));
    for (const past of [...seen, ...seen].reverse()) {
      for (const each of [registry, fresh]) {
        const known = await each.asKnownAt(past.position);
        expect(known.position).toBe(past.position);
        expect(known.locate(inside)).toEqual(past.locate(inside));
        expect(known.regionDetails.get('SY0301')?.version).toBe(past.regionDetails.get('SY0301')?.version);
        expect(known.alignments).toEqual(past.alignments);
      }
    }
    expect((await fresh.asKnownAt(0)).regions.all).toEqual([]);
    expect((await fresh.asKnownAt(100)).regions.all).toHaveLength(100);
  });

  it('continues after all connections were cut', async () => {
    await registry.start();
    for (const name of ['a', 'b', 'c']) {
      await cutConnections();
      await eventually(async () => {
        await organisation(name).catch(() => undefined);
        expect(await database.log.readStream(`organisation-${name}`)).toHaveLength(1);
      });
      await eventually(() => {
        expect([...registry.current.alignments.keys()]).toContain(name);
      });
    }
  });
});

async function cutConnections(): Promise<void> {
  const owner = openPool(database.url, { connections: 1, applicationName: 'spec' });
  await owner`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await closePool(owner);
}
