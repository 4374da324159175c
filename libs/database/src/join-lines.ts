// A column of texts as one parameter, one value per line: cheaper to write and parse than an array or JSON.

/** For `string_to_array(…, E'\n')`. Throws if a value contains a line break, which JSON never does. */
export function joinLines(values: readonly string[]): string {
  const broken = values.find((value) => value.includes('\n'));
  if (broken !== undefined) throw new Error(`there is a line break in ${JSON.stringify(broken)}`);
  return values.join('\n');
}
