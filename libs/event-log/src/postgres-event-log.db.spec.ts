import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { randomUUID } from 'node:crypto';
import type { Append } from './event-log.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

describe('smoke', () => {
  it('appends', async () => {
    const id = randomUUID();
    const append: Append = {
      meta: { by: { who: 'x', role: 'monitor', party: null }, fingerprint: 'f', correlation: randomUUID() },
      writes: [
        {
          stream: `report-${id}`,
          expected: 0,
          events: [
            {
              key: 'k',
              event: { type: 'ReportWithdrawn', data: { report: id, incident: null } },
              confidential: { handle: 'h' },
            },
          ],
        },
        {
          stream: `incident-${id}`,
          expected: 0,
          events: [{ key: 'k', event: { type: 'ReportWithdrawn', data: { report: id, incident: null } } }],
        },
      ],
    };
    console.log(await database.log.append(append));
    console.log(await database.log.append(append));
    console.log(await database.log.append({ ...append, meta: { ...append.meta, fingerprint: 'g' } }));
    console.log(
      await database.log.read(0, 10),
      await database.log.head(),
      await database.log.positionAt(new Date().toISOString()),
    );
    expect(1).toBe(1);
  });
});
