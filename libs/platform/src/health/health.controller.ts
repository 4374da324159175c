// Liveness, readiness, status and metrics. Public: load balancers and Prometheus have no tokens.
import { Controller, Get, Header, HttpStatus, Logger, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/decorators.js';
import { Metrics } from '../metrics/metrics.js';
import { Health, type HealthResult, type HealthSource } from './health.js';

// A source that does not answer within this time is not ready.
const CHECK_TIMEOUT_MS = 2_000;

@Public()
@ApiTags('health')
@Controller()
export class HealthController {
  readonly #logger = new Logger('health');

  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(): object {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const found = await this.#checkAll();
    const because = Object.values(found).flatMap(({ notReady }) => (notReady === null ? [] : [notReady]));
    if (because.length === 0) return { status: 'ready' };
    reply.code(HttpStatus.SERVICE_UNAVAILABLE).header('retry-after', '1');
    return { status: 'not_ready', because };
  }

  @Get('health/status')
  async status(): Promise<object> {
    const found = Object.entries(await this.#checkAll());
    return Object.fromEntries(
      found.map(([name, { notReady, details }]) => [name, { ready: notReady === null, because: notReady, details }]),
    );
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  async #checkAll(): Promise<Readonly<Record<string, HealthResult>>> {
    const checked = this.health.all().map(async (source) => [source.name, await this.#check(source)] as const);
    return Object.fromEntries(await Promise.all(checked));
  }

  async #check(source: HealthSource): Promise<HealthResult> {
    try {
      return await withTimeout(source.check());
    } catch (error) {
      this.#logger.error(error);
      return { notReady: `${source.name} does not answer`, details: null };
    }
  }
}

async function withTimeout(check: Promise<HealthResult>): Promise<HealthResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`));
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}
