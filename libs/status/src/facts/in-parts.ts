// Many rows go to PostgreSQL part by part.

/** Beyond some hundred rows a statement gains nothing, and the next part can be made ready while this one is written. */
const PART_ROWS = 500;

/** Writes each part without waiting for the one before; PostgreSQL takes them in order. */
export async function inParts<Row>(
  rows: readonly Row[],
  write: (part: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  const writing: Promise<unknown>[] = [];
  for (let first = 0; first < rows.length; first += PART_ROWS) {
    const part = write(rows.slice(first, first + PART_ROWS));
    // Whoever awaits all of them meets the failure.
    part.catch(() => undefined);
    writing.push(part);
    // Lets the client send it.
    await new Promise(setImmediate);
  }
  await Promise.all(writing);
}
