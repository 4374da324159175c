// What else people judge: episodes, red lines, and which side an organisation belongs to.
import { z } from 'zod';
import { EPISODE_KINDS, REPORT_KINDS } from '#domain';
import { members } from '#platform';
import { actors, note } from './incident/incident.schema.js';

const RED_LINE_TEXT_MAX = 2_000;

export const episodeSchema = z
  .strictObject({
    id: members.uuid,
    kind: z.enum(EPISODE_KINDS),
    region: members.code,
    from: members.instant,
    name: members.name.meta({ description: 'public' }),
    accused: actors.default([]),
    exclusionClaim: z.strictObject({ by: members.code, target: members.code }).nullable().default(null),
  })
  .meta({
    examples: [
      {
        id: '01941b7e-8a00-7000-8000-0000000000e1',
        kind: 'offensive',
        region: 'wadi-barada',
        from: '2016-12-22T00:00:00+02:00',
        name: 'Wadi Barada offensive',
        accused: ['saa', 'hezbollah'],
        exclusionClaim: { by: 'saa', target: 'jfs' },
      },
    ],
  });
export type EpisodeBody = z.output<typeof episodeSchema>;

export const closeSchema = z
  .strictObject({ to: members.instant })
  .meta({ examples: [{ to: '2017-01-30T00:00:00+02:00' }] });
export type CloseBody = z.output<typeof closeSchema>;

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

export const organisationSchema = z
  .strictObject({
    code: members.code.meta({ description: "as it stands in the tokens' `org`" }),
    name: members.name,
    alignment: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'must be a code, such as government, opposition, independent, RU'),
  })
  .meta({ examples: [{ code: 'snhr', name: 'Syrian Network for Human Rights', alignment: 'opposition' }] });
export type OrganisationBody = z.output<typeof organisationSchema>;
