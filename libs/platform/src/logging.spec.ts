import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { createApp, JsonLogger, PlatformModule, Public, Settings } from '#platform';
import { bareFoundations } from '../../../test/support/bare-foundations.js';

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
}

@Module({ imports: [PlatformModule.with(bareFoundations())], controllers: [NoisyController] })
class NoisyModule {}

describe('the log lines', () => {
  it('carry the id of the request, and what broke without what was asked', async () => {
    const lines = new Lines();
    const app = await createApp(NoisyModule, Settings.from({}), new JsonLogger('debug', lines));
    await app.init();
    await app.inject({
      url: '/noise?handle=abu-x',
      headers: { 'x-request-id': 'abc-1', authorization: 'Bearer t0ken' },
    });
    await app.close();
    expect(lines.all).toContainEqual(
      expect.objectContaining({ level: 'warn', context: 'noise', msg: 'a noise', correlation: 'abc-1' }),
    );
    expect(lines.all).toContainEqual(
      expect.objectContaining({ level: 'error', context: 'http', msg: 'it broke', correlation: 'abc-1' }),
    );
    expect(JSON.stringify(lines.all)).not.toMatch(/abu-x|t0ken/);
  });

  it('hide what must not be seen, should anybody log it', () => {
    const lines = new Lines();
    new JsonLogger('info', lines).log({ handle: 'abu-x', report: { narrative: 'abu-x' }, region: 'SY03' }, 'test');
    expect(lines.all).toMatchObject([
      { context: 'test', what: { handle: '[redacted]', report: { narrative: '[redacted]' }, region: 'SY03' } },
    ]);
  });

  it('do not repeat what PostgreSQL quotes', () => {
    const lines = new Lines();
    const error = Object.assign(new Error('invalid input syntax: "abu-x"'), { code: '22P02', detail: 'Key (abu-x)' });
    error.name = 'PostgresError';
    error.stack = `PostgresError: invalid input syntax: "abu-x"\n    at somewhere (file.ts:1:1)`;
    new JsonLogger('info', lines).error(error);
    expect(lines.all).toMatchObject([
      { msg: 'PostgreSQL answers 22P02', err: { code: '22P02', stack: '    at somewhere (file.ts:1:1)' } },
    ]);
    expect(JSON.stringify(lines.all)).not.toContain('abu-x');
  });

  it('are as many as the level says', () => {
    const lines = new Lines();
    const logger = new JsonLogger('warn', lines);
    logger.log('Mapped {/v1/status, GET} route', 'RouterExplorer');
    logger.warn('a', 'b');
    expect(lines.all).toHaveLength(1);
  });
});
