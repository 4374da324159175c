// Rows folded from all events of some types: in memory, each read continues where the one before stopped.
import { toDomainEvent, type DomainEvent, type EventType } from '#domain';
import type { EventLog, Position, StoredEvent } from '#event-log';
import { decodeCursor, encodeCursor, type Page } from '#platform';
import { z } from 'zod';

/** Row by id, in the order in which the rows began. */
export type Rows<Row> = ReadonlyMap<string, Row>;

/** Pure: changes `rows` by one event. */
export type RowFold<Row> = (rows: Map<string, Row>, event: DomainEvent) => void;

const cursorSchema = z.strictObject({ position: z.int().nonnegative(), after: z.string() });

export class FoldedList<Row> {
  readonly #rows = new Map<string, Row>();
  #position: Position = 0;
  #lastAdvance: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly types: readonly EventType[],
    private readonly fold: RowFold<Row>,
  ) {}

  /** The page after the cursor; all pages of one traversal are as known at the position of the first. */
  async page({
    limit,
    cursor,
  }: {
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<Page<Row> & { readonly position: Position }> {
    const from = cursor === undefined ? null : decodeCursor(cursor, cursorSchema);
    const { rows, position } = from ? await this.#asKnownAt(from.position) : await this.#current();
    const ids = [...rows.keys()];
    const start = from ? ids.indexOf(from.after) + 1 : 0;
    const page = ids.slice(start, start + limit);
    const items = page.flatMap((id) => rows.get(id) ?? []);
    const last = start + limit < ids.length ? page.at(-1) : undefined;
    return { items, next: last === undefined ? null : encodeCursor({ position, after: last }), position };
  }

  async #current(): Promise<{ readonly rows: Rows<Row>; readonly position: Position }> {
    const advance = this.#lastAdvance.then(async () => {
      const { position } = await this.log.head();
      const stored = await this.log.readTypes(this.types, this.#position, position);
      foldInto(this.#rows, stored, this.fold);
      this.#position = position;
    });
    this.#lastAdvance = advance.catch(() => undefined);
    await advance;
    return { rows: this.#rows, position: this.#position };
  }

  async #asKnownAt(position: Position): Promise<{ readonly rows: Rows<Row>; readonly position: Position }> {
    const rows = new Map<string, Row>();
    foldInto(rows, await this.log.readTypes(this.types, 0, position), this.fold);
    return { rows, position };
  }
}

/** The row of one stream's events, or null where it has not begun. */
export function rowOf<Row>(history: readonly StoredEvent[], fold: RowFold<Row>): Row | null {
  const rows = new Map<string, Row>();
  foldInto(rows, history, fold);
  return [...rows.values()][0] ?? null;
}

function foldInto<Row>(rows: Map<string, Row>, stored: readonly StoredEvent[], fold: RowFold<Row>): void {
  for (const event of stored) fold(rows, toDomainEvent(event));
}
