// The body that registers an organisation with the side it belongs to.
import { z } from 'zod';
import { members } from '#platform';

export const organisationSchema = z
  .strictObject({
    code: members.code.meta({ description: 'as in the `org` of tokens' }),
    name: members.name,
    alignment: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'must be a code, such as government, opposition, independent, RU'),
  })
  .meta({ examples: [{ code: 'snhr', name: 'Syrian Network for Human Rights', alignment: 'opposition' }] });
export type OrganisationBody = z.output<typeof organisationSchema>;
