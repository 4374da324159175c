// Which roles may read what of this feature (rules.md, section 6, and the table of roles in api.md).
import type { Caller, Role } from '#platform';

/**
 * | read                                        | monitor        | subscriber | analyst, officer, operator | verifier, protection |
 * | ------------------------------------------- | -------------- | ---------- | -------------------------- | -------------------- |
 * | status of the regions, timelines            | yes            | no         | yes                        | yes                  |
 * | which incidents count, and which do not     | no             | no         | yes                        | yes                  |
 * | incidents, statistics, coverage             | no             | no         | yes                        | yes                  |
 * | an incident's history, who and when         | no             | no         | yes (pseudonyms)           | yes (pseudonyms)     |
 * | the free text in that history               | no             | no         | no                         | yes                  |
 *
 * Nobody reads a source's identity or an exact point here: the facts do not have them.
 */
export const MAY_READ_INCIDENTS = [
  'verifier',
  'officer',
  'analyst',
  'operator',
  'protection',
] as const satisfies Role[];
export const MAY_READ_STATUS = ['monitor', ...MAY_READ_INCIDENTS] as const satisfies Role[];

const MAY_READ_TEXT: readonly Role[] = ['verifier', 'protection'];

export function mayReadIncidents({ roles }: Caller): boolean {
  return roles.some((role) => MAY_READ_INCIDENTS.some((one) => one === role));
}

export function mayReadText({ roles }: Caller): boolean {
  return roles.some((role) => MAY_READ_TEXT.includes(role));
}
