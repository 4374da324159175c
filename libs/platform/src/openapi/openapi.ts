// The OpenAPI document, made from the schemas that validate, and the page that shows it.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { completeDocument } from './complete-document.js';

const ABOUT =
  'Monitors a ceasefire that three guarantors answer for: reports in, the status of every region with its reasons out.';

export function serveOpenApi(app: NestFastifyApplication): void {
  // Made when it is first asked for: it takes a while, and most runs never show it.
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
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .build();
  return completeDocument(SwaggerModule.createDocument(app, config, { standardSchemaConverter: toJsonSchema }));
}

/** JSON Schema 2020-12 is OpenAPI 3.1's own; Nest's converter would ask zod for 3.0. */
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
  delete rest.$schema; // the document says it once
  return components === undefined ? { schema: rest } : { schema: rest, components };
}

// zod drops them where a part of the schema transforms, for it takes examples for results; ours are what is sent.
function keepExamples({ zodSchema, jsonSchema }: Examined): void {
  const examples = z.globalRegistry.get(zodSchema)?.['examples'];
  if (Array.isArray(examples)) jsonSchema.examples = examples as unknown[];
}

type Examined = { readonly zodSchema: z.core.$ZodType; readonly jsonSchema: z.core.JSONSchema.BaseSchema };
