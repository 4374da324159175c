// The bodies of red line requests, and how a red line is answered.
import { z } from 'zod';
import { REPORT_KINDS } from '#domain';
import { listQuery, members } from '#platform';
import { actors, note } from '../incident/incident.schema.js';

const RED_LINE_TEXT_MAX = 2_000;

export const redLineSchema = z
  .strictObject({
    id: members.uuid,
    declaredBy: members.code.meta({ description: 'an actor, or RU, TR, IR' }),
    region: members.code,
    condition: z.strictObject({
      kind: z.enum(REPORT_KINDS),
      by: actors.min(1).nullable().default(null).meta({ description: 'left out: by anybody' }),
    }),
    text: members.text(RED_LINE_TEXT_MAX).meta({ description: 'public' }),
  })
  .meta({
    examples: [
      {
        id: '01941b7e-8a00-7000-8000-0000000000f1',
        declaredBy: 'jaysh_al_islam',
        region: 'wadi-barada',
        condition: { kind: 'territorial_gain', by: ['saa'] },
        text: 'The ceasefire ends if government forces retake the valley.',
      },
    ],
  });
export type RedLineBody = z.output<typeof redLineSchema>;

export const redLineWithdrawalSchema = z
  .strictObject({ note })
  .meta({ examples: [{ note: 'by word of the delegation, 6 February' }] });
export type RedLineWithdrawalBody = z.output<typeof redLineWithdrawalSchema>;

export const redLinesQuery = z.strictObject({ ...listQuery });
export type RedLinesQuery = z.output<typeof redLinesQuery>;

export const redLineRow = z.strictObject({
  id: z.string(),
  declaredBy: z.string(),
  region: z.string(),
  condition: z.strictObject({ kind: z.enum(REPORT_KINDS), by: z.array(z.string()).nullable() }),
  text: z.string(),
  status: z.enum(['declared', 'withdrawn']),
  withdrawnAt: z.string().nullable(),
});
export type RedLineRow = z.output<typeof redLineRow>;
