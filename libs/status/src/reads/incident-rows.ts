// Reads incidents from the facts' rows, as known at a position.
import { Injectable } from '@nestjs/common';
import { Databases } from '#database';
import type { IncidentFact, Instant } from '#domain';
import type { Position } from '#event-log';

/** What the rows can be asked for; `from` inclusive and `to` exclusive, for the start. `begunBy`: not later than this. */
export type RowFilter = {
  readonly region?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly begunBy: Instant;
  readonly kinds?: readonly string[] | undefined;
  readonly accused?: readonly string[] | undefined;
};

/** The place of an incident in lists: the latest start first, then the greatest id. */
export type Place = { readonly startedAt: Instant; readonly incident: string };
export type PlacedFact = Place & { readonly doc: IncidentFact };

const UNKNOWN_HAND = 'unknown';
/** Merges may be merged again; a chain longer than this would be a loop. */
const MERGES_MAX = 64;

@Injectable()
export class IncidentRows {
  constructor(private readonly databases: Databases) {}

  /** Up to `limit` incidents behind `after`. */
  page(position: Position, filter: RowFilter, after: Place | null, limit: number): Promise<readonly PlacedFact[]> {
    const sql = this.databases.analysis;
    const { region, from, to, begunBy, kinds, accused } = filter;
    // Of a region that has its own index by start, so that a page costs a page wherever little happens.
    const rows = region === undefined ? sql`incident_fact as place` : sql`incident_region as place`;
    return sql<PlacedFact[]>`
      select place.started_at as "startedAt", place.incident, fact.doc from ${rows}
      join incident_fact as fact on fact.incident = place.incident
        and fact.known_from <= ${position} and fact.known_until > ${position}
      where place.known_from <= ${position} and place.known_until > ${position} and place.started_at <= ${begunBy}
        ${region === undefined ? sql`` : sql`and place.region = ${region}`}
        ${from === undefined ? sql`` : sql`and place.started_at >= ${from}`}
        ${to === undefined ? sql`` : sql`and place.started_at < ${to}`}
        ${kinds === undefined ? sql`` : sql`and fact.kinds && ${[...kinds]}::text[]`}
        ${accused === undefined ? sql`` : this.#accused(accused)}
        ${after === null ? sql`` : sql`and (place.started_at, place.incident) < (${after.startedAt}, ${after.incident}::uuid)`}
      order by place.started_at desc, place.incident desc
      limit ${limit}`;
  }

  #accused(accused: readonly string[]) {
    const sql = this.databases.analysis;
    // Whom nobody accused is accused as an unknown hand.
    return accused.includes(UNKNOWN_HAND)
      ? sql`and (fact.accused && ${[...accused]}::text[] or fact.accused = '{}')`
      : sql`and fact.accused && ${[...accused]}::text[]`;
  }

  async one(position: Position, incident: string): Promise<IncidentFact | null> {
    const [row] = await this.databases.analysis<{ doc: IncidentFact }[]>`
      select doc from incident_fact
      where incident = ${incident} and known_from <= ${position} and known_until > ${position}`;
    return row?.doc ?? null;
  }

  /** The incident that the id leads to by now; null where none was known under it. */
  async survivor(position: Position, incident: string): Promise<IncidentFact | null> {
    let fact = await this.one(position, incident);
    for (let merges = 0; fact !== null && fact.mergedInto !== null; merges += 1) {
      if (merges === MERGES_MAX) throw new Error(`incident ${incident} was merged in a circle`);
      fact = await this.one(position, fact.mergedInto);
    }
    return fact;
  }

  /** The ids that lead to the incident, directly or over others. */
  async formerIds(position: Position, incident: string): Promise<readonly string[]> {
    const rows = await this.databases.analysis<{ incident: string }[]>`
      with recursive former as (
        select incident from incident_fact
        where merged_into = ${incident} and known_from <= ${position} and known_until > ${position}
        union
        select fact.incident from incident_fact as fact join former on fact.merged_into = former.incident
        where fact.known_from <= ${position} and fact.known_until > ${position}
      )
      select incident from former order by incident`;
    return rows.map((row) => row.incident);
  }
}
