// Rows go to PostgreSQL in columns: a text with one value a line is cheaper to write and to take apart than JSON rows.

/** Beyond some hundred rows a statement gains nothing, and the next part can be made ready while this one is written. */
const PART_ROWS = 500;

/** One a line. JSON never holds a line break. */
export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join('\n');
}

/** One a line, where no value may have a line break in it. */
export function lines(values: readonly string[]): string {
  const broken = values.find((value) => value.includes('\n'));
  if (broken !== undefined) throw new Error(`there is a line break in ${JSON.stringify(broken)}`);
  return values.join('\n');
}

/** The text of an array, as `text[]` reads it. */
export function literal(values: readonly string[]): string {
  return `{${values.map((value) => `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`).join(',')}}`;
}

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
