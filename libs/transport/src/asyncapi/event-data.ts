// The data of every type of event, as schemas for those who read the topic. The domain's types are the truth: leaving a
// type out, or saying something else than they do, does not compile.
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
