// Is it alive, is it ready, how does it stand. Public, for the things that ask have no tokens.
import { Controller, Get, Header, HttpStatus, Logger, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/decorators.js';
import { Metrics } from '../metrics/metrics.js';
import { Health, type HealthResult, type HealthSource } from './health.js';

// A source that does not answer is a source that is not ready.
const PATIENCE_MS = 2_000;

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
    const found = await this.#look();
    const because = Object.values(found).flatMap(({ notReady }) => (notReady === null ? [] : [notReady]));
    if (because.length === 0) return { status: 'ready' };
    reply.code(HttpStatus.SERVICE_UNAVAILABLE).header('retry-after', '1');
    return { status: 'not_ready', because };
  }

  @Get('health/status')
  async status(): Promise<object> {
    const found = Object.entries(await this.#look());
    return Object.fromEntries(
      found.map(([name, { notReady, details }]) => [name, { ready: notReady === null, because: notReady, details }]),
    );
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  async #look(): Promise<Readonly<Record<string, HealthResult>>> {
    const looked = this.health.all().map(async (source) => [source.name, await this.#ask(source)] as const);
    return Object.fromEntries(await Promise.all(looked));
  }

  async #ask(source: HealthSource): Promise<HealthResult> {
    try {
      return await withPatience(source.check());
    } catch (error) {
      this.#logger.error(error);
      return { notReady: `${source.name} does not answer`, details: null };
    }
  }
}

async function withPatience(look: Promise<HealthResult>): Promise<HealthResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
