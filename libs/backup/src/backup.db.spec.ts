import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresConfidentialReader } from '#event-log';
import { forge, TABLES, openFolder, openSystem, SECRET, take, write, type System } from './backup.fixture.js';
import { readLines, requireZstd } from './files.js';
import { readManifest, type Manifest } from './manifest.js';
import { readBackup } from './read-backup.js';
import { restore, secretFor } from './restore.js';
import { verifyLog } from './verify-log.js';

const quietly = (): void => undefined;

let system: System;
let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  system = await openSystem();
});
beforeEach(async () => {
  ({ folder, remove } = await openFolder());
});
afterEach(() => remove());
afterAll(() => system.stop());

async function faultsOf(manifest?: Manifest): Promise<readonly string[]> {
  return readBackup(folder, manifest ?? (await readManifest(folder)), quietly);
}

async function restored(other: System, drill = false): Promise<Manifest> {
  return restore(folder, { sql: other.owner, tables: TABLES, progress: quietly }, { drill });
}

/** Everything that PostgreSQL holds of the log, as it prints it. */
async function dump({ owner }: System, until: number): Promise<unknown> {
  const events = await owner`select e::text as row from events e where position <= ${until} order by position`;
  const fields =
    await owner`select c::text as row from confidential c where position <= ${until} order by position, field`;
  return { events, fields };
}

async function firstLines(): Promise<readonly string[]> {
  const [first] = (await readManifest(folder)).segments;
  const lines = first ? await readLines(folder, first.events) : 'there is no file';
  if (typeof lines === 'string') throw new Error(lines);
  return lines;
}

describe('A backup', () => {
  it('taken during appends is restored event by event, and the log continues from there', async () => {
    let isOver = false;
    const writers = Array.from({ length: 6 }, async () => {
      while (!isOver) await write(system.log);
    });
    const other = await openSystem();
    try {
      await write(system.log);
      const manifest = await take(system, folder);
      isOver = true;
      await Promise.all(writers);
      expect(await faultsOf()).toEqual([]);
      await restored(other);
      expect(await dump(other, Number.MAX_SAFE_INTEGER)).toEqual(await dump(system, manifest.head.position));
      expect(await other.log.head()).toEqual(manifest.head);
      const reader = new PostgresConfidentialReader(other.databases);
      expect(await reader.read([1])).toEqual(await new PostgresConfidentialReader(system.databases).read([1]));
      expect(await write(other.log)).toMatchObject({ kind: 'appended', position: manifest.head.position + 2 });
    } finally {
      isOver = true;
      await other.stop();
    }
  });

  it('lets repeats be recognised after a restore', async () => {
    await write(system.log, 'repeated');
    await take(system, folder);
    const other = await openSystem();
    try {
      await restored(other);
      expect(await write(other.log, 'repeated')).toMatchObject({ kind: 'duplicate' });
    } finally {
      await other.stop();
    }
  });

  it('is readable by its owner only, and has confidential fields in separate files', async () => {
    await write(system.log, 'apart');
    await take(system, folder);
    const names = await readdir(folder);
    const modes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mode & 0o777));
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await firstLines()).join()).toContain('organisation-apart');
    expect((await firstLines()).join()).not.toContain('org-apart');
  });

  it('is refused in one sentence in a path that cannot be a folder, and without zstd', async () => {
    await writeFile(folder, 'a file');
    await expect(take(system, folder)).rejects.toThrow(/cannot be used for a backup \(\w+\): it must be a folder/);
    expect(() => {
      requireZstd(null);
    }).toThrow(/has no zstd.*use Node 24/);
  });

  it('is continued with later events, and remains one backup', async () => {
    await write(system.log);
    const first = await take(system, folder);
    await write(system.log);
    const second = await take(system, folder, { continued: true });
    expect(second.segments.slice(0, first.segments.length)).toEqual(first.segments);
    expect(second.head.position).toBe(first.head.position + 2);
    expect(await faultsOf()).toEqual([]);
    const named = [...second.segments.flatMap(({ events, confidential }) => [events, confidential]), ...second.rows];
    expect((await readdir(folder)).sort()).toEqual([...named.map(({ file }) => file), 'manifest.json'].sort());
    const { digests } = await verifyLog(system.owner, quietly);
    expect(second.digests).toEqual(digests);
  });

  it('is not overwritten without --continue, nor written among other files', async () => {
    await take(system, folder);
    await expect(take(system, folder)).rejects.toThrow('add --continue');
    await rm(join(folder, 'manifest.json'));
    await writeFile(join(folder, 'letters.txt'), 'mine');
    await expect(take(system, folder)).rejects.toThrow('letters.txt');
  });

  it('is not continued if it is of another log, or was made with another secret', async () => {
    const [one, other] = [await openSystem(), await openSystem()];
    try {
      await write(one.log);
      await take(one, folder);
      await expect(take(other, folder, { continued: true })).rejects.toThrow('it reaches position 2, the log 0');
      await write(other.log);
      await expect(take(other, folder, { continued: true })).rejects.toThrow('they differ from position 1 to 2');
      await expect(take(one, folder, { continued: true, secret: Buffer.alloc(32, 8) })).rejects.toThrow(
        'another secret',
      );
    } finally {
      await one.stop();
      await other.stop();
    }
  });

  it('contains the secret only on request, and recognises it', async () => {
    const { secret } = await take(system, folder);
    expect(secret.file).toBeNull();
    expect(await secretFor(folder, null)).toBeNull();
    expect(await secretFor(folder, SECRET)).toEqual(SECRET);
    await expect(secretFor(folder, Buffer.alloc(32, 8))).rejects.toThrow('not the one that the backup was made with');
    await take(system, folder, { continued: true, withSecret: true });
    expect(await secretFor(folder, null)).toEqual(SECRET);
  });

  it('contains subscriptions, which a drill leaves out', async () => {
    const id = '0f4b6a52-7a0e-4c9b-9d0a-0d7c1e6f1a01';
    await system.owner`
      insert into subscription (id, owner, fingerprint, url, filter, created_at, cursor, handshake_next_at)
      values (${id}, 'p', 'f', 'https://a.example', '{"types":[]}'::jsonb, now(), 1, now())`;
    await system.owner`insert into subscription_secret (subscription, secret) values (${id}, 'whsec_x')`;
    await take(system, folder);
    const [other, drill] = [await openSystem(), await openSystem()];
    try {
      await restored(other);
      await restored(drill, true);
      for (const table of ['subscription', 'subscription_secret']) {
        const rows = (from: System) => from.owner`select t::text as row from ${from.owner(table)} t`;
        expect([...(await rows(other))]).toEqual([...(await rows(system))]);
        expect([...(await rows(drill))]).toEqual([]);
      }
      const [next] =
        await other.owner`insert into subscription_secret (subscription, secret) values (${id}, 'y') returning id`;
      expect(next).toEqual({ id: 2 });
    } finally {
      await other.stop();
      await drill.stop();
    }
  });
});

describe('A damaged backup', () => {
  beforeEach(async () => {
    for (let times = 0; times < 3; times += 1) await write(system.log);
    await take(system, folder, { withSecret: true });
  });

  it('is detected if a byte is flipped in any file, and the file is named', async () => {
    for (const name of await readdir(folder)) {
      const content = await readFile(join(folder, name));
      const flipped = Buffer.from(content);
      const middle = Math.floor(content.length / 2);
      flipped.writeUInt8(content.readUInt8(middle) ^ 1, middle);
      await writeFile(join(folder, name), flipped);
      const found = await faultsOf().then(String, String);
      expect(found).toContain(name);
      await writeFile(join(folder, name), content);
    }
    expect(await faultsOf()).toEqual([]);
  });

  it('is detected if a file is missing, and the file is named', async () => {
    const [first] = (await readManifest(folder)).segments;
    await rm(join(folder, first?.confidential.file ?? ''));
    expect(await faultsOf()).toEqual([`${first?.confidential.file ?? ''} is missing`]);
  });

  it.each([
    ['a missing event', (lines: readonly string[]) => lines.toSpliced(1, 1), 'position 3 follows 1, so 2 is missing'],
    ['two swapped events', swapped, 'wrong order: position 2 comes after 3'],
    ['a missing last event', (lines: readonly string[]) => lines.slice(0, -1), 'the rest of it is missing'],
    [
      'a duplicate version',
      (lines: readonly string[]) => lines.map((line) => line.replace('"version":2', '"version":1')),
      'where version 2 was expected',
    ],
    ['time that runs backwards', (lines: readonly string[]) => lines.map(putBack), 'time runs backwards: position 3'],
    [
      'a changed word',
      (lines: readonly string[]) => lines.map((line) => line.replace('"role":"operator"', '"role":"verifier"')),
      'digest of all events',
    ],
  ])('with %s is detected even if the seal was renewed', async (_, change, sentence) => {
    await forge(folder, change, await firstLines());
    expect((await faultsOf()).join('\n')).toContain(sentence);
  });

  it('is not restored: the database stays empty, and an intact backup can be restored afterwards', async () => {
    const manifest = await readFile(join(folder, 'manifest.json'));
    await forge(folder, swapped, await firstLines());
    const other = await openSystem();
    try {
      await expect(restored(other)).rejects.toThrow('wrong order: position 2 comes after 3');
      expect(await other.log.head()).toEqual({ position: 0, recordedAt: null });
      expect(await other.log.read(0, 1)).toEqual([]);
      await writeFile(join(folder, 'manifest.json'), manifest);
      await restored(other);
      await expect(restored(other)).rejects.toThrow('This database is not empty');
    } finally {
      await other.stop();
    }
  });
});

describe('The log of a running system', () => {
  it('keeps its promises, and continues its backup', async () => {
    await write(system.log);
    const manifest = await take(system, folder);
    await write(system.log);
    expect((await verifyLog(system.owner, quietly, manifest)).faults).toEqual([]);
  });

  it.each([
    ['an event was taken out', 'delete from events where position = 2', 'position 3 follows 1, so 2 is missing'],
    ['an event was changed', `update events set data = '{}' where position = 1`, 'the log differs from the backup'],
    [
      'a source was changed',
      `update confidential set value = '1' where position = 1`,
      'the confidential fields differ',
    ],
    [
      'a newer release wrote',
      'update events set schema_version = 2 where position = 2',
      'OrganisationRegistered version 2',
    ],
    ['the head was set back', 'update log_head set position = position - 1', 'outside the log'],
  ])('is reported as faulty if %s', async (_, statement, sentence) => {
    const other = await openSystem();
    try {
      for (let times = 0; times < 2; times += 1) await write(other.log);
      const manifest = await take(other, folder);
      expect((await verifyLog(other.owner, quietly, manifest)).faults).toEqual([]);
      await other.owner.unsafe(statement);
      expect((await verifyLog(other.owner, quietly, manifest)).faults.join('\n')).toContain(sentence);
    } finally {
      await other.stop();
    }
  });
});

function swapped([first, second, third, ...others]: readonly string[]): readonly string[] {
  return [first, third, second, ...others].filter((line) => line !== undefined);
}

function putBack(line: string): string {
  return line.startsWith('{"position":3,') ? line.replace(/"recordedAt":"\d+/, '"recordedAt":"1999') : line;
}
