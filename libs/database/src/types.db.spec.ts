import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

describe('Values from PostgreSQL', () => {
  it('are represented as in JSON', async () => {
    const [row] = await database.databases.analysis`
      select 9007199254740991::bigint as whole, timestamptz '2017-01-15 12:00:00.1239+02' as instant,
        date '2017-01-15' as day, '{"a":[1,null]}'::jsonb as b, '{"z":1,"a":2}'::json as c, 1.50::numeric as exact`;
    expect(row).toEqual({
      whole: 9_007_199_254_740_991,
      instant: '2017-01-15T10:00:00.123Z',
      day: '2017-01-15',
      b: { a: [1, null] },
      c: { z: 1, a: 2 },
      exact: '1.50',
    });
  });

  it.each([
    ['2017-01-15 10:00:00Z', '2017-01-15T10:00:00.000Z'],
    ['2017-01-15 10:00:00.5Z', '2017-01-15T10:00:00.500Z'],
    ['2017-01-15 10:00:00.04Z', '2017-01-15T10:00:00.040Z'],
    ['2017-01-15 10:00:00.123999Z', '2017-01-15T10:00:00.123Z'],
    ['2017-01-15 23:30:00-01', '2017-01-16T00:30:00.000Z'],
    ['0099-01-15 10:00:00Z', '0099-01-15T10:00:00.000Z'],
    ['12017-01-15 10:00:00Z', '+012017-01-15T10:00:00.000Z'],
  ])('return the instant %s as JavaScript prints it', async (written, read) => {
    const [row] = await database.databases.analysis`select ${written}::text::timestamptz as instant`;
    expect(row).toEqual({ instant: read });
  });

  it('are refused if a number would be rounded', async () => {
    await expect(database.databases.analysis`select 9007199254740993::bigint as whole`).rejects.toThrow(/does not fit/);
  });

  it.each([
    ['text', ['plain', 'a "quoted" \\ one', '{,}', '', 'NULL', null, 'عين الفيجة', 'two\nlines', '12']],
    ['bigint', [1, -2, null]],
    ['int', []],
    ['double precision', [1.5, -0.25]],
    ['boolean', [null, true, false]],
    ['jsonb', [{ a: 'x "y"' }, [1], 'text', null]],
    ['timestamptz', ['2017-01-15T10:00:00.000Z']],
    ['uuid', ['01941b7e-8a00-7000-8000-000000000001']],
  ])('survive a round trip through an array of %s', async (type, values) => {
    const sql = database.databases.analysis;
    const [row] = await sql`select ${values as string[]}::${sql.unsafe(type)}[] as values`;
    expect(row).toEqual({ values });
  });
});
