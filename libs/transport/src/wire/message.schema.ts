// What is on the wire, as schemas: the door through which messages come in, and what the AsyncAPI document is made from.
import { z } from 'zod';

const digits = z.string().regex(/^\d{1,15}$/);

/**
 * The headers of CloudEvents 1.0's binary mode for Kafka. Its extensions have names of lower-case letters and digits
 * only; all values are text. `describe` is what the AsyncAPI document says.
 */
export const messageHeaders = z.object({
  'content-type': z.literal('application/json').describe('of the value'),
  ce_specversion: z.literal('1.0').describe('of CloudEvents'),
  ce_id: digits.describe('the position, as text: a message that comes twice has the same one'),
  ce_source: z.string().min(1).describe('the log'),
  ce_type: z
    .string()
    .regex(/^barada\.event\.[A-Za-z]+\.v\d+$/)
    .describe('`barada.event.<type>.v<schema version>`, such as `barada.event.ReportSubmitted.v1`'),
  ce_time: z.iso.datetime().describe('when it was recorded; never runs backwards with the position'),
  ce_subject: z.string().min(1).describe('the stream, such as `incident-<uuid>`'),
  ce_partitionkey: z
    .string()
    .min(1)
    .describe("the event's key, which is Kafka's too: what has one key comes in one order"),
  ce_position: digits.describe('the place of the event among all: 1, 2, 3, ... in the order of commit'),
  ce_prev: digits.describe(
    'nothing lies between this position and its own in this partition; what you have not seen up to it is missing',
  ),
  ce_version: digits.describe('the place of the event within its stream: 1, 2, 3, ...'),
  ce_schemaversion: digits.describe('of the shape of `data`, by type'),
  ce_commandend: digits.describe('the last position that the same command wrote'),
  ce_correlation: z.string().describe('follows one request through logs, events and alerts'),
  ce_traceparent: z.string().optional().describe('the W3C trace context of the request, where there was one'),
});

/** Strict nowhere: a newer program may say more. */
export const messageValue = z.object({
  data: z.unknown().describe('what happened, by the type and its schema version'),
  meta: z
    .looseObject({
      by: z
        .object({ who: z.string(), role: z.string(), party: z.string().nullable() })
        .describe('who acted: a pseudonym for a monitor'),
      fingerprint: z.string().nullable().describe('a keyed digest of the command; tells a repeat from a reused id'),
      correlation: z.string(),
    })
    .describe('of the command that it followed from'),
});

export type MessageHeaders = z.output<typeof messageHeaders>;
export type MessageValue = z.output<typeof messageValue>;
