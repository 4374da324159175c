// Rows as CSV that spreadsheets may open: RFC 4180, one column for each leaf of the row's schema.
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { schemasAt, valueAt } from './schema-paths.js';

/** The columns come from the schema and not from the rows, so that every page and every day has the same ones. */
export function toCsv(row: z.core.$ZodType, rows: readonly unknown[]): string {
  const paths = columns(row);
  const records = rows.map((record) => paths.map((path) => cell(valueAt(record, path))));
  return stringify([paths.map((path) => path.join('.') || 'value'), ...records], { record_delimiter: 'windows' });
}

type Path = readonly string[];

function columns(row: z.core.$ZodType): readonly Path[] {
  return [...new Map(leaves(row, []).map((path) => [path.join('.'), path])).values()];
}

// A union's rows have the members of all its branches.
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
  if (typeof value === 'string') return harmless(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number'))
    return harmless(value.join(';'));
  return harmless(JSON.stringify(value));
}

// A spreadsheet takes what begins so for a formula (OWASP, "CSV injection"). A number of ours is never a text.
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
