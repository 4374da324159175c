// Reads incidents from the fact rows, as known at a position.
import { Injectable } from '@nestjs/common';
import { Databases } from '#database';
import type { IncidentFact, Instant } from '#domain';
import type { Position } from '#event-log';

/** The filters that SQL can apply. `from` inclusive and `to` exclusive, for the start; `begunBy`: not later than this. */
export type RowFilter = {
  readonly region?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly begunBy: Instant;
  readonly kinds?: readonly string[] | undefined;
  readonly accused?: readonly string[] | undefined;
};

/** The sort key of an incident in lists: the latest start first, then the greatest id. */
export type Place = { readonly startedAt: Instant; readonly incident: string };
export type PlacedFact = Place & { readonly doc: IncidentFact };

const UNKNOWN_HAND = 'unknown';
/** Merged incidents may be merged again; a longer chain would be a loop. */
const MERGES_MAX = 64;

@Injectable()
export class IncidentRows {
  constructor(private readonly databases: Databases) {}

  /** Up to `limit` incidents that come after `after`. */
  page(position: Position, filter: RowFilter, after: Place | null, limit: number): Promise<readonly PlacedFact[]> {
    const sql = this.databases.analysis;
    const { region, from, to, begunBy, kinds, accused } = filter;
    return sql<PlacedFact[]>`
      select started_at as "startedAt", incident, doc from incident_fact
      where known_from <= ${position} and known_until > ${position} and started_at <= ${begunBy}
        ${from === undefined ? sql`` : sql`and started_at >= ${from}`}
        ${to === undefined ? sql`` : sql`and started_at < ${to}`}
        ${kinds === undefined ? sql`` : sql`and kinds && ${[...kinds]}::text[]`}
        ${accused === undefined ? sql`` : this.#accused(accused)}
        ${after === null ? sql`` : sql`and (started_at, incident) < (${after.startedAt}, ${after.incident}::uuid)`}
        ${region === undefined ? sql`` : sql`and regions @> ${[region]}::text[]`}
      order by started_at desc, incident desc
      limit ${limit}`;
  }

  #accused(accused: readonly string[]) {
    const sql = this.databases.analysis;
    // An incident without accused actors counts as accusing `unknown`.
    return accused.includes(UNKNOWN_HAND)
      ? sql`and (accused && ${[...accused]}::text[] or accused = '{}')`
      : sql`and accused && ${[...accused]}::text[]`;
  }

  async one(position: Position, incident: string): Promise<IncidentFact | null> {
    const [row] = await this.databases.analysis<{ doc: IncidentFact }[]>`
      select doc from incident_fact
      where incident = ${incident} and known_from <= ${position} and known_until > ${position}`;
    return row?.doc ?? null;
  }

  /** The incident that the id redirects to; null: unknown. */
  async survivor(position: Position, incident: string): Promise<IncidentFact | null> {
    let fact = await this.one(position, incident);
    for (let merges = 0; fact !== null && fact.mergedInto !== null; merges += 1) {
      if (merges === MERGES_MAX) throw new Error(`incident ${incident} was merged in a cycle`);
      fact = await this.one(position, fact.mergedInto);
    }
    return fact;
  }

  /** The ids that redirect to the incident, directly or through others. */
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
