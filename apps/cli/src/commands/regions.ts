// npx barada regions: imports boundaries, lists regions.
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { BadSettings } from '#platform';
import type { Api } from '../api.js';
import { Failure } from '../failure.js';
import { IMPORT_LEVELS, type ImportLevel } from '../regions/cod-ab.js';
import { connectAsOperator } from '../regions/connect.js';
import { importBoundaries, regionsOf, type Progress, type RegionRow } from '../regions/import-boundaries.js';

const LEVELS = ['country', ...IMPORT_LEVELS, 'zone'];

type Output = { readonly isTTY: boolean; readonly write: (text: string) => unknown };
type Surroundings = { readonly connect?: () => Promise<Api>; readonly out?: Output };

export function addRegions(
  program: Command,
  { connect = connectAsOperator, out = process.stdout }: Surroundings = {},
): void {
  const regions = program.command('regions').description('the regions and their boundaries');
  regions
    .command('import')
    .description('draw regions by a GeoJSON file of OCHA administrative boundaries (COD-AB)')
    .argument('<file>', 'the file, such as syr_adm2.geojson')
    .addOption(new Option('--level <level>', 'what the file holds').choices(IMPORT_LEVELS).makeOptionMandatory())
    .action((file: string, { level }: { level: ImportLevel }, command: Command) =>
      telling(command, async () => {
        await importBoundaries(await connect(), { text: await textOf(file), level, file }, progressOn(out));
      }),
    );
  regions
    .command('list')
    .description('print the regions: code, level, parent, whether drawn, area in km², names')
    .addOption(new Option('--level <level>', 'only those of this level').choices(LEVELS))
    .action(({ level }: { level?: string }, command: Command) =>
      telling(command, async () => {
        const { rows } = await regionsOf(await connect(), level ?? null);
        for (const row of rows) out.write(`${lineOf(row)}\n`);
      }),
    );
}

/** A failure is told in its own sentence, with exit code 1; what nobody foresaw keeps its stack. */
async function telling(command: Command, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Failure || error instanceof BadSettings) command.error(error.message, { exitCode: 1 });
    throw error;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Failure(`${file} cannot be read: check its name, and that you may read it.`);
  }
}

/** On a terminal one line that changes, elsewhere a line each. */
function progressOn(out: Output): Progress {
  const wipe = '\r\u001B[K';
  return {
    step: (done, total, what) => {
      out.write(out.isTTY ? `${wipe}${done}/${total} ${what}` : `${done}/${total} ${what}\n`);
    },
    line: (text) => {
      out.write(out.isTTY ? `${wipe}${text}\n` : `${text}\n`);
    },
  };
}

function lineOf({ code, level, parent, areaKm2, drawn, name }: RegionRow): string {
  const columns = [code.padEnd(12), level.padEnd(11), (parent ?? '-').padEnd(7), drawn ? 'drawn  ' : 'undrawn'];
  return [...columns, (areaKm2 === null ? '-' : areaKm2.toFixed(1)).padStart(9), name.en, name.ar ?? '']
    .join('  ')
    .trimEnd();
}
