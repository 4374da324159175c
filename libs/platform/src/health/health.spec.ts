import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, Followers, Health, HealthSource, PlatformModule, Settings, type HealthResult } from '#platform';
import { Checkpoints, Projection, type FollowerState } from '#projection';
import { bareFoundations, EmptyLog, NoCheckpoints } from '../../../../test/support/bare-foundations.js';
import { LogHealth } from './log-health.js';

const HEAD = 50_000;

class FullLog extends EmptyLog {
  override head(): ReturnType<EmptyLog['head']> {
    return Promise.resolve({ position: HEAD, recordedAt: '2017-01-28T00:00:00.000Z' });
  }
}

class Facts extends Projection {
  readonly name = 'facts';
  readonly tables = [];
  override apply(): Promise<void> {
    return Promise.resolve();
  }
}

class Standing extends Checkpoints {
  at = HEAD;
  standsStillSeconds = 0;
  degradedSince: string | null = null;
  override watermark(): ReturnType<Checkpoints['watermark']> {
    return Promise.resolve({ position: this.at, generation: 1 });
  }
  override waitFor(): ReturnType<Checkpoints['waitFor']> {
    return this.watermark();
  }
  override partitionProgress(): ReturnType<Checkpoints['partitionProgress']> {
    return Promise.resolve([]);
  }
  override relayProgress(): ReturnType<Checkpoints['relayProgress']> {
    return Promise.resolve(null);
  }
  override progress(): ReturnType<Checkpoints['progress']> {
    const { standsStillSeconds, degradedSince } = this;
    const parked = degradedSince === null ? 0 : 2;
    const standing = { position: this.at, generation: 1, lag: HEAD - this.at };
    return Promise.resolve([{ projection: 'facts', ...standing, standsStillSeconds, parked, degradedSince }]);
  }
}

class Deliveries extends HealthSource {
  readonly name = 'deliveries';
  broken = false;
  override check(): Promise<HealthResult> {
    return this.broken
      ? Promise.reject(new Error('secret'))
      : Promise.resolve({ notReady: null, details: { waiting: 3 } });
  }
}

const checkpoints = new Standing();
const deliveries = new Deliveries();
const runner = { states: [] as FollowerState[], isShared: false, started: 0, stopped: 0 };

@Module({
  imports: [
    PlatformModule.with(
      bareFoundations({
        log: new FullLog(),
        checkpoints,
        runner: () => ({
          start: () => (runner.started += 1),
          stop: () => Promise.resolve(void (runner.stopped += 1)),
          get states() {
            return runner.states;
          },
          get isShared() {
            return runner.isShared;
          },
        }),
      }),
    ),
  ],
})
class HealthyModule {
  constructor(followers: Followers, health: Health) {
    followers.add(new Facts());
    health.add(deliveries);
  }
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await createApp(HealthyModule, Settings.from({}));
  await app.init();
});
afterAll(() => app.close());
beforeEach(() => {
  checkpoints.at = HEAD;
  checkpoints.standsStillSeconds = 0;
  checkpoints.degradedSince = null;
  deliveries.broken = false;
  runner.states = [];
  runner.isShared = false;
});

async function ready() {
  const answer = await app.inject('/health/ready');
  return [answer.statusCode, answer.json<{ because?: readonly string[] }>().because];
}

describe('readiness', () => {
  it('is 200 once the followers have caught up', async () => {
    expect(await ready()).toEqual([200, undefined]);
    expect(runner.started).toBe(1);
  });

  it('is 503 before that', async () => {
    checkpoints.at = HEAD - 1;
    expect(await ready()).toEqual([503, ['facts has not caught up since the start']]);
  });

  it('is 503 while a follower makes no progress, whatever it reports itself', async () => {
    checkpoints.standsStillSeconds = 60;
    runner.states = [{ projection: 'facts', position: HEAD, failing: null, takenOver: false }];
    expect(await ready()).toEqual([503, ['facts has made no progress for 60 s']]);
  });

  it('is 200 while a few keys are parked: all others are current', async () => {
    checkpoints.degradedSince = '2017-01-28T00:00:00Z';
    expect(await ready()).toEqual([200, undefined]);
  });

  it('is 503 while a follower fails, without the error message', async () => {
    runner.states = [
      {
        projection: 'facts',
        position: HEAD,
        failing: { since: '2017-01-28T00:00:00Z', message: 'secret' },
        takenOver: false,
      },
    ];
    expect(await ready()).toEqual([503, ['facts is failing']]);
  });

  it('does not depend on other processes that share the work, only on this one', async () => {
    runner.isShared = true;
    checkpoints.standsStillSeconds = 60;
    expect(await ready()).toEqual([200, undefined]);
    const failing = { since: '2017-01-28T00:00:00Z', message: 'secret' };
    runner.states = [{ projection: 'facts', position: HEAD, failing, takenOver: false }];
    expect(await ready()).toEqual([503, ['facts is failing']]);
  });

  it('is 503 while reports would be refused, whichever process is asked', async () => {
    class RefusingLog extends EmptyLog {
      override whyNotWritable(): Promise<string | null> {
        return Promise.resolve('the disk of the database is full');
      }
    }
    const { notReady } = await new LogHealth(new RefusingLog(), new NoCheckpoints(), new Followers()).check();
    expect(notReady).toBe('reports are refused: the disk of the database is full');
  });

  it('is 503 while a source does not answer', async () => {
    deliveries.broken = true;
    expect(await ready()).toEqual([503, ['deliveries does not answer']]);
  });
});

describe('the health status', () => {
  it('shows the head, each follower and the sources of features', async () => {
    checkpoints.at = HEAD - 7;
    checkpoints.degradedSince = '2017-01-28T00:00:00Z';
    expect((await app.inject('/health/status')).json()).toEqual({
      log: {
        ready: false,
        because: 'facts has not caught up since the start',
        details: {
          notWritable: null,
          head: HEAD,
          recordedAt: '2017-01-28T00:00:00.000Z',
          followers: [
            {
              ...{ name: 'facts', position: HEAD - 7, lag: 7, standsStillSeconds: 0, failing: false },
              ...{ parkedKeys: 2, degradedSince: '2017-01-28T00:00:00Z' },
            },
          ],
        },
      },
      deliveries: { ready: true, because: null, details: { waiting: 3 } },
    });
  });
});

describe('the metrics', () => {
  it('report durations by route, the head and the lag', async () => {
    checkpoints.at = HEAD - 7;
    await app.inject('/health/live?handle=x');
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toContain('barada_http_request_seconds_count{method="GET",route="/health/live",status="200"} 1');
    expect(body).toContain(`barada_log_head ${HEAD}`);
    expect(body).toContain('barada_follower_lag{follower="facts"} 7');
    expect(body).toContain(`barada_follower_position{follower="facts"} ${HEAD - 7}`);
    expect(body).toContain('barada_follower_standstill_seconds{follower="facts"} 0');
    expect(body).toContain('barada_follower_parked_keys{follower="facts"} 0');
    expect(body).toContain('process_cpu_seconds_total');
  });
});

describe('the runner', () => {
  it('stops with the application', async () => {
    const other = await createApp(HealthyModule, Settings.from({}));
    await other.init();
    const before = runner.stopped;
    await other.close();
    expect(runner.stopped).toBe(before + 1);
  });
});
