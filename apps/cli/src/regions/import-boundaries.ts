// Draws the regions of the running system by the boundaries of a file, one request each.
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, User } from '../client.js';
import { Failure } from '../failure.js';
import { parseBoundaries, listed, type NamedBoundary, type ImportLevel } from './cod-ab.js';

export type Progress = {
  readonly step: (done: number, total: number, what: string) => void;
  readonly line: (text: string) => void;
};

export type RegionRow = {
  readonly code: string;
  readonly level: string;
  readonly name: { readonly en: string; readonly ar: string | null };
  readonly parent: string | null;
  readonly areaKm2: number | null;
  readonly drawn: boolean;
};
type Page = { readonly items: readonly RegionRow[]; readonly next: string | null; readonly position: number };

const OPERATOR: User = { sub: 'regions-import', roles: ['operator'] };
const ATTEMPTS_MAX = 5;
const PAUSE_MS = 1000;
/** What is wrong with one boundary; anything else would befall all that follow. */
const REFUSED = [400, 404, 409, 413, 422];
const PAGE = 1000;
const PAGES_MAX = 1000;

/** Throws Failure where a boundary was refused, after the others were drawn. To run it again changes nothing. */
export async function importBoundaries(
  client: Client,
  source: { readonly text: string; readonly level: ImportLevel; readonly file: string },
  progress: Progress,
): Promise<void> {
  const drawings = parseBoundaries(source.text, source.level, source.file);
  const before = await regionsOf(client, source.level);
  requireKnownCodes(drawings, before.rows, source);
  const failed: string[] = [];
  let drawn = 0;
  for (const [index, drawing] of drawings.entries()) {
    const outcome = await importBoundary(client, drawing);
    if (typeof outcome === 'string') failed.push(`${drawing.code} (${drawing.name}): ${outcome}`);
    // What was drawn before the import began is the same boundary already.
    else if (outcome > before.position) drawn += 1;
    progress.step(index + 1, drawings.length, `${drawing.code} ${drawing.name}`);
  }
  const same = drawings.length - drawn - failed.length;
  progress.line(`${drawn} drawn, ${same} as they were, ${failed.length} refused.`);
  if (failed.length > 0) throw new Failure(`Not all boundaries went in:\n${failed.join('\n')}`);
}

/** All regions, or those of one level; `position` is where the log stood. */
export async function regionsOf(
  client: Client,
  level: string | null,
): Promise<{ readonly rows: readonly RegionRow[]; readonly position: number }> {
  const rows: RegionRow[] = [];
  let path = `/v1/regions?limit=${PAGE}${level === null ? '' : `&level=${level}`}`;
  for (let pages = 1; pages <= PAGES_MAX; pages += 1) {
    const { items, next, position } = (await client.send(OPERATOR, path)).body as Page;
    rows.push(...items);
    if (next === null) return { rows, position };
    path = next;
  }
  throw new Failure('There are more regions than this command reads.');
}

function requireKnownCodes(
  drawings: readonly NamedBoundary[],
  rows: readonly RegionRow[],
  { level, file }: { readonly level: string; readonly file: string },
): void {
  const known = new Set(rows.map(({ code }) => code));
  const unknown = drawings.filter(({ code }) => !known.has(code)).map(({ code, name }) => `${code} (${name})`);
  if (unknown.length === 0) return;
  throw new Failure(
    `${file} has ${unknown.length} of ${drawings.length} p-codes that are no ${level} here: ${listed(unknown)}. ` +
      'Nothing was drawn. Take the edition of COD-AB whose p-codes the profile has (npx barada regions list), or leave these features out.',
  );
}

/** The position of the boundary in the log, or what is wrong with it. */
async function importBoundary(client: Client, { code, boundary }: NamedBoundary): Promise<number | string> {
  const path = `/v1/regions/${encodeURIComponent(code)}/boundary`;
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await client.try(OPERATOR, path, { method: 'PUT', body: boundary });
    const { position, detail } = body as { readonly position: number; readonly detail?: string };
    if (status < 300) return position;
    if (REFUSED.includes(status)) return detail ?? `the answer was ${status}`;
    if (status !== 503 || attempt === ATTEMPTS_MAX)
      throw new Failure(`${path} answers ${status}: ${detail ?? ''} What is in stays in; run it again for the rest.`);
    await pause(PAUSE_MS);
  }
}
