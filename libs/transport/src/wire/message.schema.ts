// Schemas of the messages: they validate what arrives, and the AsyncAPI document is generated from them.
import { z } from 'zod';

const digits = z.string().regex(/^\d{1,15}$/);

/**
 * The headers of CloudEvents 1.0's binary mode for Kafka. Its extensions have names of lower-case letters and digits
 * only; all values are text. `describe` is the text of the AsyncAPI document.
 */
export const messageHeaders = z.object({
  'content-type': z.literal('application/json').describe('of the value'),
  ce_specversion: z.literal('1.0').describe('of CloudEvents'),
  ce_id: digits.describe('the position, as text: a message that is sent twice has the same one'),
  ce_source: z.string().min(1).describe('the log'),
  ce_type: z
    .string()
    .regex(/^barada\.event\.[A-Za-z]+\.v\d+$/)
    .describe('`barada.event.<type>.v<schema version>`, such as `barada.event.ReportSubmitted.v1`'),
  ce_time: z.iso.datetime().describe('when it was recorded; never decreases as the position grows'),
  ce_subject: z.string().min(1).describe('the stream, such as `incident-<uuid>`'),
  ce_partitionkey: z.string().min(1).describe("the event's key, also Kafka's key: events of one key arrive in order"),
  ce_position: digits.describe('position of the event in the log: 1, 2, 3, ... in the order of commit'),
  ce_prev: digits.describe(
    'this partition has no event between this position and its own; an event up to it that you have not seen is missing',
  ),
  ce_log: z
    .uuid()
    .optional()
    .describe('the id of the log; ignore messages of another log. Messages of the first release have none'),
  ce_generation: z
    .uuid()
    .optional()
    .describe('the generation of the log: a restored log has a new one, and sends everything again'),
  ce_version: digits.describe('version of its stream: 1, 2, 3, ...'),
  ce_schemaversion: digits.describe('schema version of `data` for this type'),
  ce_commandend: digits.describe('the last position that the same command wrote'),
  ce_correlation: z.string().describe('identifies one request in logs, events and alerts'),
  ce_traceparent: z.string().optional().describe('the W3C trace context of the request, if there was one'),
});

/** Not strict: a newer program may add members. */
export const messageValue = z.object({
  data: z.unknown().describe('what happened, depending on the type and its schema version'),
  meta: z
    .looseObject({
      by: z
        .object({ who: z.string(), role: z.string(), party: z.string().nullable() })
        .describe('who acted: a pseudonym for a monitor'),
      fingerprint: z.string().nullable().describe('a keyed digest of the command; tells a repeat from a reused id'),
      correlation: z.string(),
    })
    .describe('of the command that caused it'),
});

export type MessageHeaders = z.output<typeof messageHeaders>;
export type MessageValue = z.output<typeof messageValue>;
