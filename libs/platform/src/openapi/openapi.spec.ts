import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import {
  createApp,
  List,
  listQuery,
  PlatformModule,
  requestsWithoutExample,
  Roles,
  Settings,
  type Page,
} from '#platform';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';

const id = z.uuid().meta({ examples: ['01941b7e-8a00-7000-8000-000000000001'] });
const thing = z
  .strictObject({
    kind: z.enum(['a', 'b']),
    note: z.string().nullable(),
    at: z.strictObject({ lon: z.number() }).optional(),
    since: z.iso
      .datetime()
      .transform((text) => new Date(text).toISOString())
      .optional(),
  })
  .meta({ examples: [{ kind: 'a', note: null }] });
const named = z
  .discriminatedUnion('type', [z.strictObject({ type: z.literal('x') }), z.strictObject({ type: z.literal('y') })])
  .meta({ id: 'Named' });
const row = z.object({ id: z.uuid(), count: z.number().nullable() });
const query = z.strictObject({ ...listQuery, region: z.string().optional() });

@Controller('things')
class ThingsController {
  @Post()
  @Roles('monitor', 'officer')
  take(@Body({ schema: thing }) body: z.output<typeof thing>): object {
    return body;
  }

  @Post(':id/names')
  name(@Param('id', { schema: id }) of: string, @Body({ schema: named }) body: z.output<typeof named>): object {
    return { of, body };
  }

  @Get(':thing')
  one(@Param('thing', { schema: z.string() }) of: string): object {
    return { of };
  }

  @Get()
  @List({ row })
  list(@Query({ schema: query }) asked: z.output<typeof query>): Page<z.output<typeof row>> {
    return { items: [], next: asked.cursor ?? null };
  }
}

@Module({ imports: [PlatformModule.with(bareFoundations())], controllers: [ThingsController] })
class ThingsModule {}

type Operation = {
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: unknown; readonly schema: object }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly security?: readonly object[];
  readonly description?: string;
};

let app: NestFastifyApplication;
let document: OpenAPIObject;
beforeAll(async () => {
  app = await createApp(ThingsModule, Settings.from({}));
  await app.init();
  document = (await app.inject('/openapi.json')).json();
});
afterAll(() => app.close());

function operation(method: 'get' | 'post', path: string): Operation {
  return document.paths[path]?.[method] as unknown as Operation;
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  });

  it('has the validating schemas, with their examples', () => {
    expect(operation('post', '/things').requestBody?.content['application/json']).toMatchObject({
      example: { kind: 'a', note: null },
      schema: { type: 'object', required: ['kind', 'note'], additionalProperties: false },
    });
  });

  it('has each query parameter separately', () => {
    const parameters = operation('get', '/things').parameters.map(({ name, in: where, required }) => [
      name,
      where,
      required,
    ]);
    expect(parameters).toEqual(['f', 'limit', 'cursor', 'region'].map((name) => [name, 'query', false]));
  });

  it('describes each format of a list', () => {
    const content = operation('get', '/things').responses['200']?.content;
    expect(Object.keys(content ?? {})).toEqual([
      'application/json',
      'text/csv',
      'application/geo+json',
      'application/x-ndjson',
    ]);
    expect(content?.['text/csv']).toMatchObject({ schema: { type: 'string' } });
  });

  it('names the roles, and describes problems', () => {
    expect(operation('post', '/things').description).toBe('Roles: monitor, officer.');
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(operation('get', '/health/live').security).toEqual([]);
    expect(Object.keys(operation('get', '/things').responses)).toContain('default');
  });

  it('finds requests without an example', () => {
    expect(requestsWithoutExample(document)).toEqual(['POST /things/{id}/names', 'GET /things/{thing}']);
  });

  it('has a page without external resources', async () => {
    const page = await app.inject('/docs');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html']);
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    expect((await app.inject('/docs/swagger-ui-bundle.js')).statusCode).toBe(200);
  });
});
