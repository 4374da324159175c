// What may be asked about subscriptions.
import { z } from 'zod';
import { STATUS_SCALE } from '#domain';
import { listQuery } from '#platform';
import { DEFAULT_LENSES } from '../alert/alert-filter.js';
import { ALERT_TYPES } from '../alert/alert.js';

const URL_LENGTH_MAX = 2_048;
const LIST_MAX = 1_000;

const webhookUrl = z
  .url({ protocol: /^https?$/, error: 'must be an https URL, such as https://example.org/barada' })
  .max(URL_LENGTH_MAX)
  .refine(hasNoCredentials, 'must have no user name, password or fragment: deliveries are signed instead')
  .meta({
    description: 'https; http only for addresses that the operator allows',
    examples: ['https://example.org/barada'],
  });

function hasNoCredentials(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password, hash } = new URL(text);
  return username === '' && password === '' && hash === '';
}

const filter = z
  .strictObject({
    types: z.array(z.enum(ALERT_TYPES)).max(LIST_MAX).default([]).meta({ description: 'empty: all' }),
    regions: z
      .array(z.string().min(1))
      .max(LIST_MAX)
      .default([])
      .meta({ description: 'codes: these regions and all inside them; empty: all' }),
    lenses: z
      .array(z.string().min(1))
      .max(LIST_MAX)
      .default([...DEFAULT_LENSES])
      .meta({ description: 'empty: all; what concerns no lens comes in any case' }),
    minStatus: z
      .enum(STATUS_SCALE)
      .nullable()
      .default(null)
      .meta({ description: 'only changes that reach this step or come down from it; null: all' }),
  })
  .meta({ examples: [{ types: ['status_changed'], regions: ['SY03'], lenses: ['strict'], minStatus: 'violated' }] });

export const createSubscription = z
  .strictObject({
    id: z.uuid().meta({ description: 'made by the client before its first try, kept over retries' }),
    url: webhookUrl,
    filter: filter.prefault({}),
  })
  .meta({
    examples: [
      {
        id: '01941b7e-8a00-7000-8000-000000000003',
        url: 'https://example.org/barada',
        filter: { types: [], regions: ['SY03'], lenses: ['strict'], minStatus: 'violated' },
      },
    ],
  });
export type CreateSubscription = z.output<typeof createSubscription>;

export const changeSubscription = z
  .strictObject({ url: webhookUrl.optional(), filter: filter.optional(), paused: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, 'must have at least one of url, filter, paused')
  .meta({ examples: [{ paused: true }] });
export type ChangeSubscription = z.output<typeof changeSubscription>;

export const replaySubscription = z
  .strictObject({
    from: z.int().min(1).meta({ description: 'the log position of the first alert to deliver (again)' }),
  })
  .meta({ examples: [{ from: 17 }] });
export type ReplaySubscription = z.output<typeof replaySubscription>;

export const nothing = z
  .strictObject({})
  .optional()
  .meta({ examples: [{}] });

export const subscriptionId = z.uuid().meta({ examples: ['01941b7e-8a00-7000-8000-000000000003'] });

export const subscriptionsQuery = z.strictObject(listQuery);
export type SubscriptionsQuery = z.output<typeof subscriptionsQuery>;
export const subscriptionCursor = z.strictObject({ createdAt: z.string(), id: z.string() });

export const deliveriesQuery = z.strictObject({
  ...listQuery,
  state: z
    .enum(['waiting', 'delivered'])
    .optional()
    .meta({ description: 'left out: both', examples: ['waiting'] }),
});
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;
export const deliveryCursor = z.strictObject({ before: z.int().positive() });

const instant = z.iso.datetime({ offset: true });

export const deliveryRow = z.strictObject({
  alert: z.uuid().nullable(),
  position: z.int(),
  state: z.enum(['waiting', 'delivered']),
  attempts: z.int(),
  createdAt: instant,
  nextAttempt: instant.nullable(),
  deliveredAt: instant.nullable(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
});
export type DeliveryRow = z.output<typeof deliveryRow>;

export const subscriptionRow = z.strictObject({
  id: z.uuid(),
  url: z.string(),
  filter: z.strictObject({
    types: z.array(z.enum(ALERT_TYPES)),
    regions: z.array(z.string()),
    lenses: z.array(z.string()),
    minStatus: z.enum(STATUS_SCALE).nullable(),
  }),
  state: z.enum(['pending', 'active', 'paused']),
  pausedBecause: z.enum(['asked', 'gone', 'failing']).nullable(),
  createdAt: instant,
  position: z.int(),
  handshake: z.strictObject({
    confirmedAt: instant.nullable(),
    attempts: z.int(),
    nextAttempt: instant.nullable(),
    lastError: z.string().nullable(),
  }),
  deliveries: z.strictObject({ waiting: z.int(), oldest: instant.nullable() }),
  failingSince: instant.nullable(),
});

export const created = subscriptionRow.extend({
  secret: z
    .string()
    .nullable()
    .meta({ description: 'null once anything signed has arrived: rotate it where it is lost' }),
});
