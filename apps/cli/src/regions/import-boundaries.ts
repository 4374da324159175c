// Sends the boundaries of a file to the running system, one request per region.
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
/** Statuses that concern one boundary. Any other error would repeat for every region, so the import stops. */
const REFUSED = [400, 404, 409, 413, 422];
const PAGE = 1000;
const PAGES_MAX = 1000;

/** Throws Failure where a boundary was refused, after the others were imported. Running it again changes nothing. */
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
    // A position from before the import means that the same boundary was there already.
    else if (outcome > before.position) drawn += 1;
    progress.step(index + 1, drawings.length, `${drawing.code} ${drawing.name}`);
  }
  const same = drawings.length - drawn - failed.length;
  progress.line(`${drawn} imported, ${same} unchanged, ${failed.length} refused.`);
  if (failed.length > 0) throw new Failure(`Some boundaries were refused:\n${failed.join('\n')}`);
}

/** All regions, or those of one level; `position` is the log position of the answer. */
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
    `${file} has ${unknown.length} of ${drawings.length} p-codes that are not a ${level} of this system: ${listed(unknown)}. ` +
      'Nothing was imported. Use the edition of COD-AB with the p-codes of the profile (npx barada regions list), or leave these features out.',
  );
}

/** The position of the boundary in the log, or the reason why it was refused. */
async function importBoundary(client: Client, { code, boundary }: NamedBoundary): Promise<number | string> {
  const path = `/v1/regions/${encodeURIComponent(code)}/boundary`;
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await client.try(OPERATOR, path, { method: 'PUT', body: boundary });
    const { position, detail } = body as { readonly position: number; readonly detail?: string };
    if (status < 300) return position;
    if (REFUSED.includes(status)) return detail ?? `answered ${status}`;
    if (status !== 503 || attempt === ATTEMPTS_MAX)
      throw new Failure(
        `${path} answered ${status}: ${detail ?? ''} What is imported stays; run it again for the rest.`,
      );
    await pause(PAUSE_MS);
  }
}
