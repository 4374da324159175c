import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Logger, Module, Post } from '@nestjs/common';
import {
  createApp,
  CurrentTraceContext,
  JsonLogger,
  PlatformModule,
  Public,
  newTraceContext,
  Settings,
  logProjectionFailure,
  traceIdOf,
  type TraceContext,
} from '#platform';
import { KeyParked } from '#projection';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';

class Lines {
  readonly #lines: string[] = [];
  write(line: string): void {
    this.#lines.push(line);
  }
  get all(): readonly Record<string, unknown>[] {
    return this.#lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

@Controller()
@Public()
class NoisyController {
  @Get('noise')
  async noise(): Promise<object> {
    await Promise.resolve();
    new Logger('noise').warn('a noise');
    throw new Error('it broke');
  }

  @Post('noise')
  heard(@Body() body: object, @CurrentTraceContext() trail: TraceContext): TraceContext {
    new Logger('noise').warn(`a noise of ${Object.keys(body).length}`);
    return trail;
  }
}

const THEIRS = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALL = {
  method: 'POST',
  url: '/noise',
  headers: { 'x-request-id': 'abc-1', traceparent: `00-${THEIRS}-00f067aa0ba902b7-01` },
  payload: { loud: true },
} as const;

/** What a command of this call would carry on, and the lines that were logged. */
async function called(env: Readonly<Record<string, string>> = {}) {
  const lines = new Lines();
  const app = await createApp(NoisyModule, Settings.from(env), new JsonLogger('debug', lines));
  await app.init();
  const answer = await app.inject(CALL);
  await app.close();
  return { trail: answer.json<TraceContext>(), headers: answer.headers, lines: lines.all };
}

@Module({ imports: [PlatformModule.with(bareFoundations())], controllers: [NoisyController] })
class NoisyModule {}

describe('the log lines', () => {
  it('carry the request id, and errors without the content of the request', async () => {
    const lines = new Lines();
    const app = await createApp(NoisyModule, Settings.from({}), new JsonLogger('debug', lines));
    await app.init();
    await app.inject({
      url: '/noise?handle=abu-x',
      headers: { 'x-request-id': 'abc-1', authorization: 'Bearer t0ken' },
    });
    await app.close();
    expect(lines.all).toContainEqual(
      expect.objectContaining({ level: 'warn', context: 'noise', msg: 'a noise', request: 'abc-1' }),
    );
    expect(lines.all).toContainEqual(
      expect.objectContaining({ level: 'error', context: 'http', msg: 'it broke', request: 'abc-1' }),
    );
    expect(JSON.stringify(lines.all)).not.toMatch(/abu-x|t0ken/);
  });

  it('carry the propagated ids, and those of the caller, which are not propagated', async () => {
    const { trail, headers, lines } = await called();
    const ids = {
      request: 'abc-1',
      correlation: trail.correlation,
      trace: traceIdOf(trail.traceparent),
      parent: THEIRS,
    };
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'a noise of 1', ...ids }));
    expect(lines).toContainEqual(expect.objectContaining({ context: 'http', ...ids }));
    expect(JSON.stringify(trail)).not.toMatch(new RegExp(`abc-1|${THEIRS}`));
    expect(JSON.stringify(headers)).not.toMatch(new RegExp(`${trail.correlation}|${ids.trace}`));
  });

  it("carry the caller's own trace if it is trusted", async () => {
    const { trail, lines } = await called({ TRUST_TRACEPARENT: 'true' });
    expect(traceIdOf(trail.traceparent)).toBe(THEIRS);
    expect(trail.traceparent).not.toContain('00f067aa0ba902b7');
    const ids = { request: 'abc-1', correlation: trail.correlation, trace: THEIRS };
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'a noise of 1', ...ids }));
    expect(lines).not.toContainEqual(expect.objectContaining({ parent: expect.anything() }));
  });

  it('carry the ids of an event that cannot be folded', async () => {
    const lines = new Lines();
    const app = await createApp(NoisyModule, Settings.from({}), new JsonLogger('info', lines));
    const { correlation, traceparent } = newTraceContext();
    const by = { who: 'm-1', role: 'monitor', party: null };
    const meta = { by, fingerprint: 'f', correlation, traceparent };
    logProjectionFailure('facts', new KeyParked({ key: 'k-1', position: 7, error: 'odd' }, meta));
    logProjectionFailure('facts', new Error('the database is away'));
    await app.close();
    expect(lines.all).toEqual([
      expect.objectContaining({ context: 'facts', correlation, trace: traceIdOf(traceparent) }),
      expect.not.objectContaining({ correlation }),
    ]);
  });

  it('redact confidential members', () => {
    const lines = new Lines();
    new JsonLogger('info', lines).log({ handle: 'abu-x', report: { narrative: 'abu-x' }, region: 'SY03' }, 'test');
    expect(lines.all).toMatchObject([
      { context: 'test', what: { handle: '[redacted]', report: { narrative: '[redacted]' }, region: 'SY03' } },
    ]);
  });

  it('do not repeat values that PostgreSQL quotes', () => {
    const lines = new Lines();
    const error = Object.assign(new Error('invalid input syntax: "abu-x"'), { code: '22P02', detail: 'Key (abu-x)' });
    error.name = 'PostgresError';
    error.stack = `PostgresError: invalid input syntax: "abu-x"\n    at somewhere (file.ts:1:1)`;
    new JsonLogger('info', lines).error(error);
    expect(lines.all).toMatchObject([
      { msg: 'PostgreSQL error 22P02', err: { code: '22P02', stack: '    at somewhere (file.ts:1:1)' } },
    ]);
    expect(JSON.stringify(lines.all)).not.toContain('abu-x');
  });

  it('respect the log level', () => {
    const lines = new Lines();
    const logger = new JsonLogger('warn', lines);
    logger.log('Mapped {/v1/status, GET} route', 'RouterExplorer');
    logger.warn('a', 'b');
    expect(lines.all).toHaveLength(1);
  });
});
