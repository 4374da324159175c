import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toDomainEvent } from '#domain';
import type { NewEvent } from '#event-log';
import { newTraceContext } from '#platform';
import { eventually } from '../../../../test/support/eventually.js';
import { observed, reported, HELD, TestSystem, verified, violation } from '../status.fixture.js';

describe.each(HELD)('%s', (_name, held) => {
  let system: TestSystem;
  beforeEach(async () => {
    system = await TestSystem.start('2017-01-16T12:00:00.000Z', held);
  });
  afterEach(() => system.stop());

  /** What has been announced about the valley, as sentences. */
  async function said(region = 'wadi-barada'): Promise<readonly string[]> {
    const events = (await system.announced()).map(toDomainEvent);
    return events
      .filter(({ data }) => 'region' in data && data.region === region)
      .map(({ type, data }) => {
        const { at, alert } = data as { at: string; alert: boolean };
        const change = 'to' in data && 'from' in data ? ` ${data.from} > ${String(data.to)}` : '';
        const until = 'until' in data ? ` until ${data.until}` : '';
        return `${type}${change} ${at}${until}${alert ? '' : ' quietly'}`;
      });
  }

  const grave = (from: string): ReturnType<typeof reported> =>
    reported(violation({ occurred: { from, to: from, precision: 'minute' } }));
  const chain = async ({ incident, writes }: ReturnType<typeof reported>): Promise<void> => {
    await system.append(...writes);
    await system.append(verified(incident, 'verified_remote'));
  };

  describe('the status watch', () => {
    it('announces nothing about regions without reports', async () => {
      await system.watch().look();
      expect(await system.announced()).toEqual([]);
    });

    it('announces the change in every region that contains a report, with the position it was computed from', async () => {
      const watch = system.watch();
      await watch.look();
      await chain(grave('2017-01-16T10:00:00Z'));
      const position = await watch.look();
      expect(await said()).toEqual(['StatusChanged not_observed > violated 2017-01-16T10:00:00Z']);
      const announced = await system.announced();
      expect(announced.map(({ stream }) => stream).sort()).toEqual(
        ['SY', 'SY03', 'SY0307', 'SY030702', 'wadi-barada'].map((region) => `status-strict-${region}`),
      );
      expect(announced.map(toDomainEvent).map(({ data }) => 'restsOn' in data && data.restsOn)).toEqual(
        Array(5).fill(position),
      );
    });

    it('retracts nothing while the facts are rebuilt from a restored log', async () => {
      const { position: begun } = await system.database.log.head();
      await chain(grave('2017-01-16T10:00:00Z'));
      await system.watch().look();
      const before = await said();
      await system.stopFolding();
      const { analysis } = system.database.databases;
      await analysis`delete from incident_fact`;
      await analysis`update checkpoints set position = ${begun}, generation = generation + 1 where projection = 'facts'`;
      expect(await system.watch().look()).toBe(begun);
      expect(await said()).toEqual(before);
      expect(before).toHaveLength(1);
    });

    it('uses the trace context of the newest event that affects the region', async () => {
      const watch = system.watch();
      await watch.look();
      const [{ incident, writes }, elsewhere] = [grave('2017-01-16T10:00:00Z'), grave('2017-01-16T10:00:00Z')];
      await system.append(...writes);
      const trail = newTraceContext();
      await system.appendOn(trail, verified(incident, 'verified_remote'));
      await system.append(...elsewhere.writes.filter(([stream]) => !stream.startsWith('report-')));
      await watch.look();
      const announced = await system.announced();
      expect(announced).toHaveLength(5);
      for (const { meta } of announced) expect(meta).toMatchObject(trail);
    });

    it('uses a new trace context for changes caused by time or by events without one', async () => {
      const watch = system.watch();
      const [{ incident, writes }, trail] = [grave('2017-01-16T10:00:00Z'), newTraceContext()];
      await system.appendOn(trail, ...writes);
      await system.append(verified(incident, 'verified_remote'));
      await watch.look();
      system.clock.instant = '2017-01-23T10:00:00.000Z';
      await watch.look();
      const metas = (await system.announced()).map(({ meta }) => meta);
      expect(metas).toHaveLength(10);
      for (const meta of metas) expect(meta).toEqual({ ...meta, traceparent: expect.stringMatching(/^00-/) });
      expect(new Set([...metas.map(({ correlation }) => correlation), trail.correlation]).size).toBe(11);
    });

    it('announces a change that is due although nothing was reported', async () => {
      const watch = system.watch();
      await chain(grave('2017-01-16T10:00:00Z'));
      await watch.look();
      system.clock.instant = '2017-01-23T09:59:59.999Z';
      await watch.look();
      expect(await said()).toHaveLength(1);
      expect(watch.state.nextDue).toBe(Date.parse('2017-01-23T10:00:00Z') / 1000);
      system.clock.instant = '2017-01-23T10:00:00.000Z';
      await watch.look();
      expect((await said()).slice(1)).toEqual(['StatusChanged violated > not_observed 2017-01-23T10:00:00Z']);
    });

    it('restates a past that a late report changes', async () => {
      const watch = system.watch();
      await watch.look();
      await chain(grave('2017-01-05T10:00:00Z'));
      await watch.look();
      expect(await said()).toEqual(['StatusRestated 2017-01-05T10:00:00Z until 2017-01-12T10:00:00Z']);
    });

    it('raises no alert for instants more than thirty days ago', async () => {
      const watch = system.watch();
      system.clock.instant = '2026-11-22T12:00:00.000Z';
      await watch.look();
      await chain(grave('2017-01-05T10:00:00Z'));
      await watch.look();
      expect(await said()).toEqual(['StatusRestated 2017-01-05T10:00:00Z until 2017-01-12T10:00:00Z quietly']);
    });

    it('announces nothing twice: in a second check, in a second process, or after a crash before the progress is stored', async () => {
      const { databases } = system.database;
      await system.watch().look();
      await chain(grave('2017-01-16T10:00:00Z'));
      await system.watch().look();
      const once = await system.announced();
      await databases.analysis`update status_watch set watched_until = '2016-12-01', position = 0`;
      const [one, other] = [system.watch(), system.watch()];
      await one.look();
      await one.look();
      await other.look();
      expect(await system.announced()).toEqual(once);
    });

    it('respects concurrent announcements of another process', async () => {
      const [one, other] = [system.watch(), system.watch()];
      await Promise.all([one.look(), other.look()]);
      await chain(grave('2017-01-16T10:00:00Z'));
      await one.look();
      await other.look();
      await one.look();
      expect(await said()).toEqual(['StatusChanged not_observed > violated 2017-01-16T10:00:00Z']);
    });

    it('announces a red line that is met, and coverage that is lost and restored', async () => {
      const watch = system.watch();
      await watch.look();
      const redLine = '01941b7e-8a00-7000-8000-0000000000f1';
      const condition = { kind: 'indirect_fire' as const, by: ['saa'] };
      const declared: NewEvent = {
        key: 'wadi-barada',
        event: {
          type: 'RedLineDeclared',
          data: { redLine, declaredBy: 'jaysh_al_islam', region: 'wadi-barada', condition, text: 'no further' },
        },
      };
      await system.append([`red-line-${redLine}`, declared]);
      await system.append(observed('nil', 'SY030702', ['2017-01-16T06:00:00Z', '2017-01-16T11:00:00Z']));
      await watch.look();
      const met = grave('2017-01-16T10:00:00Z');
      await chain(met);
      await watch.look();
      system.clock.instant = '2017-01-16T23:00:00.000Z';
      await watch.look();
      await system.append(verified(met.incident, 'refuted'));
      await watch.look();
      expect(await said()).toEqual([
        'StatusChanged not_observed > holding 2017-01-16T06:00:00Z',
        'CoverageRestored 2017-01-16T06:00:00Z',
        'StatusChanged holding > breakdown_indicated 2017-01-16T10:00:00Z',
        'RedLineMet 2017-01-16T10:00:00Z',
        'CoverageLost 2017-01-16T23:00:00Z',
        'StatusRestated 2017-01-16T10:00:00Z until 2017-01-16T23:00:00Z',
        'StatusChanged breakdown_indicated > not_observed 2017-01-16T23:00:00Z',
        'RedLineCleared 2017-01-16T23:00:00Z quietly',
      ]);
    });

    it('runs until it is stopped', async () => {
      const stopping = new AbortController();
      const following = system.watch().follow(stopping.signal);
      await chain(grave('2017-01-16T10:00:00Z'));
      await eventually(async () => {
        expect(await said()).toContainEqual(expect.stringContaining('> violated'));
      });
      stopping.abort();
      await following;
    });
  });
});
