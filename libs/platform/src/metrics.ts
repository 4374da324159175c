// What Prometheus scrapes. A feature makes its own metrics with `registers: [metrics.registry]`.
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { EventLog } from '#event-log';
import { Checkpoints, type Proof } from '#projection';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MS_A_SECOND = 1_000;

@Injectable()
export class Metrics {
  // One a process would mix the apps of a test run.
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    name: 'barada_http_request_seconds',
    help: 'How long requests took, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor(log: EventLog, checkpoints: Checkpoints) {
    collectDefaultMetrics({ register: this.registry });
    this.#gauge('barada_log_head', 'The last position of the log', [], async (head) => {
      head.set((await log.head()).position);
    });
    this.#gauge('barada_append_queue_age_seconds', 'How long the oldest waiting command has waited', [], (age) => {
      age.set(log.queueAgeMs() / MS_A_SECOND);
    });
    const followers = (name: string, help: string, of: (proof: Proof) => number): void => {
      this.#gauge(name, help, ['follower'], async (gauge) => {
        for (const proof of await checkpoints.proofs()) gauge.set({ follower: proof.projection }, of(proof));
      });
    };
    followers('barada_follower_position', 'Up to where a follower has folded the log', ({ position }) => position);
    followers('barada_follower_lag', 'How many events a follower is behind', ({ lag }) => lag);
    followers(
      'barada_follower_standstill_seconds',
      'For how long there has been something to fold and nothing was',
      ({ standsStillSeconds }) => standsStillSeconds,
    );
    followers('barada_follower_parked_keys', 'Keys with dead letters', ({ parked }) => parked);
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  // Asked when it is scraped.
  #gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    look: (gauge: Gauge) => Promise<void> | void,
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect(this: Gauge) {
        await look(this);
      },
    });
  }
}
