// The OpenAPI document, generated from the validating schemas, and the page that shows it.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { completeDocument } from './complete-document.js';

const ABOUT =
  'Monitors a ceasefire under three guarantors: takes in reports, and answers the status of every region with its reasons.';

const REQUEST_BODIES = [
  'Request bodies are UTF-8 and may be compressed (`Content-Encoding: gzip`, `br` or `zstd`).',
  'A member that may be omitted may also be null, which means the same; a member must not be given twice.',
].join(' ');

export function serveOpenApi(app: NestFastifyApplication): void {
  // Generated on first request: it takes a while, and most runs never need it.
  let document: OpenAPIObject | null = null;
  const made = (): OpenAPIObject => (document ??= openApiOf(app));
  SwaggerModule.setup('docs', app, made, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Barada',
  });
}

export function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Barada')
    .setDescription(`${ABOUT}\n\n${REQUEST_BODIES}`)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config, { standardSchemaConverter: toJsonSchema }));
}

/** OpenAPI 3.1 uses JSON Schema 2020-12; Nest's converter would request the dialect of 3.0. */
function toJsonSchema(
  schema: unknown,
  { schemaType }: { readonly schemaType: 'input' | 'output' },
): { schema: unknown; components?: Record<string, object> } | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $defs: components, ...rest } = z.toJSONSchema(schema, {
    io: schemaType,
    unrepresentable: 'any',
    override: keepExamples,
  });
  delete rest.$schema; // the document declares it once
  return components === undefined ? { schema: rest } : { schema: rest, components };
}

// zod drops examples of schemas that transform, because it takes them for outputs; ours are inputs.
function keepExamples({ zodSchema, jsonSchema }: Examined): void {
  const examples = z.globalRegistry.get(zodSchema)?.['examples'];
  if (Array.isArray(examples)) jsonSchema.examples = examples as unknown[];
}

type Examined = { readonly zodSchema: z.core.$ZodType; readonly jsonSchema: z.core.JSONSchema.BaseSchema };
