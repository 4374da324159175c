// Rows as CSV (RFC 4180) that is safe to open in a spreadsheet: one column per leaf of the row schema.
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { schemasAt, valueAt } from './schema-paths.js';

/** Columns come from the schema, not from the rows, so that every page has the same ones. */
export function toCsv(row: z.core.$ZodType, rows: readonly unknown[], withHeader = true): string {
  const paths = columns(row);
  const records = rows.map((record) => paths.map((path) => cell(valueAt(record, path))));
  const header = withHeader ? [paths.map((path) => path.join('.') || 'value')] : [];
  return stringify([...header, ...records], { record_delimiter: 'windows' });
}

type Path = readonly string[];

function columns(row: z.core.$ZodType): readonly Path[] {
  return [...new Map(leaves(row, []).map((path) => [path.join('.'), path])).values()];
}

// A union contributes the members of all its branches.
function leaves(schema: z.core.$ZodType, path: Path): readonly Path[] {
  return schemasAt(schema, [], undefined).flatMap((branch) => {
    if (!(branch instanceof z.ZodObject)) return [path];
    const shape: Readonly<Record<string, z.core.$ZodType>> = branch.shape;
    return Object.entries(shape).flatMap(([member, found]) => leaves(found, [...path, member]));
  });
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return withoutFormula(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number'))
    return withoutFormula(value.join(';'));
  return withoutFormula(JSON.stringify(value));
}

// Spreadsheets take text that begins like this for a formula (OWASP, "CSV injection"). Our numbers are never text.
function withoutFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
