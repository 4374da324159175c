import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiOf, requestsWithoutExample } from '#platform';
import { appendStatusChange, defineRegions, startAlerting, type Alerting } from '../../../test/support/alerting.js';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';

let database: TestDatabase;
let alerting: Alerting;

beforeAll(async () => {
  database = await openTestDatabase();
  await defineRegions(database);
  alerting = await startAlerting(database);
});
afterAll(async () => {
  await alerting.stop();
  await database.drop();
});

describe('alerting', () => {
  it('has an example for each request', () => {
    expect(requestsWithoutExample(openApiOf(alerting.app))).toEqual([]);
  });

  it('shows the waiting deliveries in the health status', async () => {
    const id = '01941b7e-8a00-7000-8000-000000000003';
    // Nothing answers there, so it stays pending.
    const url = 'http://127.0.0.1:9/hook';
    await alerting.call('ali:subscriber', 'POST', '/v1/subscriptions', { id, url });
    await appendStatusChange(database, 'SY03', 'holding', 'violated');
    await eventually(async () => {
      const { body } = await alerting.call('omar:operator', 'GET', '/health/status');
      const subscriptions = { active: 0, pending: 1, paused: 0 };
      expect(body).toMatchObject({ deliveries: { details: { waiting: 1, subscriptions, streamClients: 0 } } });
    });
  });

  it('lets only its own database role read the secrets', async () => {
    const { intake } = database.databases;
    await expect(intake`select * from subscription_secret`).rejects.toThrow('permission denied');
    await expect(intake`select * from subscription`).rejects.toThrow('permission denied');
  });
});
