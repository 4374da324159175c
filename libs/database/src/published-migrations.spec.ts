import { describe, expect, it } from '@jest/globals';
import { readMigrations } from './migrations.js';

// First digits of each file's SHA-256. Existing databases have run these files: a change needs a new migration.
const PUBLISHED: Readonly<Record<string, string>> = {
  '0001-roles.sql': 'a7187a83e2b8',
  '0010-log.sql': '0579022f2e03',
  '0011-append.sql': '9024a6640698',
  '0012-append-by-small-statements.sql': '2938e3ee4fa5',
  '0013-append-role-and-write-probe.sql': '276059c61a27',
  '0016-log-identity.sql': '50bcb9cb017f',
  '0020-checkpoints.sql': 'a7914504d205',
  '0021-dead-letters.sql': 'd284ca8c0ffa',
  '0022-projection-slots.sql': '4225bbabd62a',
  '0023-partitions.sql': 'c836206acad5',
  '0024-swap-durably.sql': '08e479772ec7',
  '0200-facts.sql': '5b198949df6e',
  '0201-status-watch.sql': 'cc9ce5b0bc04',
  '0203-where-an-incident-counts.sql': '5fbe348438f2',
  '0204-past-courses.sql': '6fcc965131d7',
  '0300-alerts.sql': '97fd1a9124de',
  '0301-subscriptions.sql': '21193dcfadd1',
  '0302-trail.sql': '43c83d1d2fac',
};

describe('A published migration', () => {
  it('never changes', async () => {
    const now = new Map((await readMigrations()).map(({ name, digest }) => [name, digest.slice(0, 12)]));
    for (const [name, digest] of Object.entries(PUBLISHED)) expect([name, now.get(name)]).toEqual([name, digest]);
  });
});
