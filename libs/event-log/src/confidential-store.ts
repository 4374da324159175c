// Reads confidential fields, with the only role that may.
import type { Databases } from '#database';
import { ConfidentialReader, type Json, type Position } from './event-log.js';

type Row = { readonly position: Position; readonly fields: Readonly<Record<string, Json>> };

export class PostgresConfidentialReader extends ConfidentialReader {
  constructor(private readonly databases: Databases) {
    super();
  }

  override async read(positions: readonly Position[]): Promise<ReadonlyMap<Position, Readonly<Record<string, Json>>>> {
    const rows = await this.databases.intake<Row[]>`
      select position, json_object_agg(field, value) as fields from confidential
      where position = any(${positions}::bigint[]) group by position`;
    return new Map(rows.map(({ position, fields }) => [position, fields]));
  }
}
