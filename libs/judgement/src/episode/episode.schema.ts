// The bodies of episode requests, and how an episode is answered.
import { z } from 'zod';
import { EPISODE_KINDS } from '#domain';
import { listQuery, members } from '#platform';
import { actors } from '../incident/incident.schema.js';

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

export const episodesQuery = z.strictObject({ ...listQuery });
export type EpisodesQuery = z.output<typeof episodesQuery>;

export const episodeRow = z.strictObject({
  id: z.string(),
  kind: z.enum(EPISODE_KINDS),
  region: z.string(),
  name: z.string(),
  status: z.enum(['open', 'closed']),
  from: z.string(),
  to: z.string().nullable(),
  accused: z.array(z.string()),
  exclusionClaim: z.strictObject({ by: z.string(), target: z.string() }).nullable(),
});
export type EpisodeRow = z.output<typeof episodeRow>;
