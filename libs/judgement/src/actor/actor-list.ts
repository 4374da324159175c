// The list of actors, a page at a time, all pages of one traversal as known at one position.
import type { Instant } from '#domain';
import { encodeCursor, type Page } from '#platform';
import { foldText, matches, type Register } from '#registry';
import type { ActorRow, ActorsQuery } from './actor.schema.js';

type Filter = Pick<ActorsQuery, 'limit' | 'q' | 'at'>;

/** The rows after the code `after`, by code. With `at` only the affiliations of that instant are shown. */
export function actorsPage(register: Register, { limit, q, at }: Filter, after: string | null): Page<ActorRow> {
  const query = foldText(q ?? '');
  const codes = [...register.actors.keys()].sort().filter((code) => after === null || code > after);
  const found = codes.flatMap((code) => {
    const row = actorRowOf(register, code, at);
    return row && matches(query, [row.code, row.name.en, row.name.ar, ...row.aliases]) ? [row] : [];
  });
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next: last ? encodeCursor({ position: register.position, after: last.code }) : null };
}

export function actorRowOf(register: Register, code: string, at: Instant | undefined): ActorRow | null {
  const [actor, details] = [register.actors.get(code), register.actorDetails.get(code)];
  if (!actor || !details) return null;
  return {
    code,
    name: details.name,
    aliases: [...details.aliases],
    bound: actor.bound,
    guarantors: [...actor.guarantors],
    affiliations: details.affiliations
      .filter(({ from, until }) => at === undefined || isWithin(at, from, until))
      .map((affiliation) => ({ ...affiliation, disputedBy: [...affiliation.disputedBy] })),
  };
}

function isWithin(at: Instant, from: Instant, until: Instant | null): boolean {
  return Date.parse(from) <= Date.parse(at) && (until === null || Date.parse(at) < Date.parse(until));
}
