// The data of every event type, as schemas for readers of the topic. The domain's types are authoritative: a missing type,
// or a schema that differs from its type, does not compile.
import type { z } from 'zod';
import type { DomainEvent, EventType } from '#domain';
import { FRAMEWORK_DATA, STATUS_DATA } from './framework-data.js';
import { REPORT_DATA } from './report-data.js';

export type DataOf<Type extends EventType> = Extract<DomainEvent, { type: Type }>['data'];

export const EVENT_DATA = {
  ...REPORT_DATA,
  ...FRAMEWORK_DATA,
  ...STATUS_DATA,
} satisfies { readonly [Type in EventType]: z.ZodType<DataOf<Type>> };
