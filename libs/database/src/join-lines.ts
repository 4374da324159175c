// A column of texts as one parameter: one value a line is cheaper to write and to take apart than an array or JSON.

/** For `string_to_array(…, E'\n')`. Throws where a value has a line break in it, which JSON never has. */
export function joinLines(values: readonly string[]): string {
  const broken = values.find((value) => value.includes('\n'));
  if (broken !== undefined) throw new Error(`there is a line break in ${JSON.stringify(broken)}`);
  return values.join('\n');
}
