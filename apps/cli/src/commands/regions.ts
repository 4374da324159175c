// `barada regions`: imports boundaries from a file, and lists regions.
import { Command, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { REGION_LEVELS } from '#domain';
import { Client } from '../client.js';
import { Failure } from '../failure.js';
import { IMPORT_LEVELS, type ImportLevel } from '../regions/cod-ab.js';
import { importBoundaries, regionsOf, type Progress, type RegionRow } from '../regions/import-boundaries.js';
import type { Output } from '../progress.js';
import { settings } from '../settings.js';

type RegionsOptions = { readonly connect: () => Promise<Client>; readonly out: Output };

const DEFAULTS: RegionsOptions = { connect: () => Client.open(settings()), out: process.stdout };

export function regions({ connect, out }: RegionsOptions = DEFAULTS): Command {
  const command = new Command('regions').description('the regions and their boundaries').helpCommand(false);
  command
    .command('import')
    .description('import boundaries from a GeoJSON file of OCHA administrative boundaries (COD-AB)')
    .argument('<file>', 'the file, such as syr_adm2.geojson')
    .addOption(
      new Option('--level <level>', 'the level of the regions in the file')
        .choices(IMPORT_LEVELS)
        .makeOptionMandatory(),
    )
    .action(async (file: string, { level }: { level: ImportLevel }) => {
      const source = { text: await textOf(file), level, file };
      await importBoundaries(await connect(), source, progressOn(out));
    });
  command
    .command('list')
    .description('print the regions: code, level, parent, whether they have a boundary, area in km², names')
    .addOption(new Option('--level <level>', 'only regions of this level').choices(REGION_LEVELS))
    .action(async ({ level }: { level?: string }) => {
      const { rows } = await regionsOf(await connect(), level ?? null);
      for (const row of rows) out.write(`${lineOf(row)}\n`);
    });
  return command;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Failure(`${file} cannot be read: check its name and permissions.`);
  }
}

/** One line that is redrawn on a terminal, elsewhere a line per region. */
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
  const area = (areaKm2 === null ? '-' : areaKm2.toFixed(1)).padStart(9);
  return [...columns, area, name.en, name.ar ?? ''].join('  ').trimEnd();
}
