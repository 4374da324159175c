// Arrays in PostgreSQL's text format: {1,2,NULL} or {"a \"quoted\" text","{"}. One dimension only.
// https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO

export function arrayText(values: readonly unknown[], element: (value: unknown) => string = String): string {
  return `{${values.map((value) => elementText(value, element)).join(',')}}`;
}

export function parseArray<T>(text: string, element: (text: string) => T): (T | null)[] {
  const values: (T | null)[] = [];
  // A quoted value with escapes, or an unquoted one up to the next comma.
  for (const [, escaped, bare] of text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)) {
    if (escaped !== undefined) values.push(element(escaped.replace(/\\(.)/gs, '$1')));
    else values.push(bare === undefined || bare === 'NULL' ? null : element(bare));
  }
  return values;
}

function elementText(value: unknown, element: (value: unknown) => string): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : quoted(element(value));
}

function quoted(text: string): string {
  return /^[0-9.+-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
