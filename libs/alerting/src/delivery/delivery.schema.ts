// Query and answer of the list of deliveries.
import { z } from 'zod';
import { listQuery } from '#platform';

const instant = z.iso.datetime({ offset: true });

export const deliveriesQuery = z.strictObject({
  ...listQuery,
  state: z
    .enum(['waiting', 'delivered'])
    .optional()
    .meta({ description: 'default: both', examples: ['waiting'] }),
});
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;
export const deliveryCursor = z.strictObject({ before: z.int().positive() });

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
