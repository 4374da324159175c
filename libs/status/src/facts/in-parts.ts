// Writes many rows to PostgreSQL in batches.

/** More than some hundred rows per statement gains nothing, and the next batch is prepared while this one is written. */
const PART_ROWS = 500;

/** Sends each batch without waiting for the previous one; PostgreSQL executes them in order. */
export async function inParts<Row>(
  rows: readonly Row[],
  write: (part: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  const writing: Promise<unknown>[] = [];
  for (let first = 0; first < rows.length; first += PART_ROWS) {
    const part = write(rows.slice(first, first + PART_ROWS));
    // The caller awaits all of them and gets the failure.
    part.catch(() => undefined);
    writing.push(part);
    // Lets the client send the statement.
    await new Promise(setImmediate);
  }
  await Promise.all(writing);
}
