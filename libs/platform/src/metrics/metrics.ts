// The Prometheus metrics; docs/observability/metrics.md describes each of them.
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { EventLog } from '#event-log';
import { Checkpoints } from '#projection';
import type { CounterSource, GaugeSource } from './metric-sources.js';
import { Followers } from '../followers.js';
import { logGauges } from './log-gauges.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

// Gauges of prom-client that end in `_total`, which promtool rejects; the same without `_total` exist by type.
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

@Injectable()
export class Metrics {
  // Not prom-client's global registry: it would mix the apps of one test run.
  readonly registry = new Registry();
  readonly #requests = new Histogram({
    name: 'barada_http_request_seconds',
    help: 'Duration of HTTP requests, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor(log: EventLog, checkpoints: Checkpoints, followers: Followers) {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    for (const registerGauge of logGauges(log, checkpoints, followers)) this.gauge(registerGauge);
  }

  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  gauge({ name, help, labelNames = [], collect }: GaugeSource): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect(this: Gauge) {
        // If the database is unreachable, the other metrics are still needed.
        const samples = await Promise.resolve(collect()).catch(() => []);
        this.reset();
        if (samples.length === 0 && labelNames.length === 0) this.remove(); // after a reset it would report 0
        for (const { labels, value } of samples) this.set(labels, value);
      },
    });
  }

  /** Registers a counter: `metrics.registerCounter(...).inc({ outcome: 'delivered' })`. */
  registerCounter<Name extends string>(name: string, help: string, labelNames: readonly Name[]): Counter<Name> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** Sources with the same name must be registered in one call. */
  registerCounters(counts: readonly CounterSource[]): void {
    for (const name of new Set(counts.map((counted) => counted.name))) {
      const group = counts.filter((counted) => counted.name === name);
      new Counter({
        name,
        help: group[0]?.help ?? name,
        labelNames: Object.keys(group[0]?.labels ?? {}),
        registers: [this.registry],
        collect(this: Counter) {
          this.reset();
          for (const { labels, count } of group) this.inc(labels, count());
        },
      });
    }
  }
}
