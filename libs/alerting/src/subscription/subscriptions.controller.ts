// The subscription routes. A secret is only in the answer that created it.
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentCaller,
  decodeCursor,
  encodeCursor,
  List,
  parseIfMatch,
  Roles,
  type Caller,
  type Page,
} from '#platform';
import type { TestOutcome } from '../delivery/delivery-sender.js';
import { DeliveryListStore } from '../delivery/delivery-list-store.js';
import {
  deliveriesQuery,
  deliveryCursor,
  deliveryRow,
  type DeliveriesQuery,
  type DeliveryRow,
} from '../delivery/delivery.schema.js';
import type { StoredSubscription, Subscription } from './subscription.js';
import {
  changeSubscription,
  created,
  createSubscription,
  emptyBody,
  replaySubscription,
  subscriptionCursor,
  subscriptionId,
  subscriptionRow,
  subscriptionsQuery,
  type ChangeSubscription,
  type CreateSubscription,
  type ReplaySubscription,
  type SubscriptionsQuery,
} from './subscription.schema.js';
import { Subscriptions } from './subscriptions.js';

const CREATED = 201;
const OK = 200;

@Controller('v1/subscriptions')
@Roles('subscriber', 'operator')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly deliveryList: DeliveryListStore,
  ) {}

  @Post()
  @ApiCreatedResponse({
    description: 'The subscription with its secret. A repeated request is answered with 200, without the secret',
    standardSchema: created,
  })
  async create(
    @Body({ schema: createSubscription }) body: CreateSubscription,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription & { readonly secret?: string }> {
    const { isNew, stored, ...secret } = await this.subscriptions.create(caller, body);
    reply.code(isNew ? CREATED : OK);
    return { ...withETag(stored, reply), ...secret };
  }

  @Get()
  @List({ row: subscriptionRow })
  async list(
    @Query({ schema: subscriptionsQuery }) { cursor, limit }: SubscriptionsQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<Subscription>> {
    const after = cursor === undefined ? null : decodeCursor(cursor, subscriptionCursor);
    const items = (await this.subscriptions.list(caller, after, limit)).map(({ subscription }) => subscription);
    const last = items.at(-1);
    const isMore = last !== undefined && items.length === limit;
    return { items, next: isMore ? encodeCursor({ createdAt: last.createdAt, id: last.id }) : null };
  }

  @Get(':id')
  @ApiOkResponse({ description: 'The subscription', standardSchema: subscriptionRow })
  async one(
    @Param('id', { schema: subscriptionId }) id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription> {
    return withETag(await this.subscriptions.get(caller, id), reply);
  }

  // eslint-disable-next-line max-params -- Nest passes each part of a request as a parameter
  @Patch(':id')
  @ApiOkResponse({ description: 'The subscription', standardSchema: subscriptionRow })
  async change(
    @Param('id', { schema: subscriptionId }) id: string,
    @Body({ schema: changeSubscription }) body: ChangeSubscription,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription> {
    return withETag(await this.subscriptions.change(caller, id, body, parseIfMatch(ifMatch).ifMatch), reply);
  }

  @Delete(':id')
  async remove(
    @Param('id', { schema: subscriptionId }) id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<{ readonly id: string; readonly position: number }> {
    const { subscription } = await this.subscriptions.remove(caller, id);
    return { id, position: subscription.position };
  }

  @Post(':id/test')
  @HttpCode(OK)
  async test(
    @Param('id', { schema: subscriptionId }) id: string,
    @Body({ schema: emptyBody }) _: unknown,
    @CurrentCaller() caller: Caller,
  ): Promise<TestOutcome> {
    return this.subscriptions.test(caller, id);
  }

  @Post(':id/rotate-secret')
  @HttpCode(OK)
  async rotate(
    @Param('id', { schema: subscriptionId }) id: string,
    @Body({ schema: emptyBody }) _: unknown,
    @CurrentCaller() caller: Caller,
  ): Promise<{ readonly id: string; readonly secret: string; readonly oldUntil: string }> {
    return { id, ...(await this.subscriptions.rotate(caller, id)) };
  }

  /** Newest first. */
  @Get(':id/deliveries')
  @List({ row: deliveryRow })
  async deliveries(
    @Param('id', { schema: subscriptionId }) id: string,
    @Query({ schema: deliveriesQuery }) { cursor, limit, state }: DeliveriesQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<DeliveryRow>> {
    await this.subscriptions.get(caller, id);
    const before = cursor === undefined ? null : decodeCursor(cursor, deliveryCursor).before;
    const items = await this.deliveryList.page(id, { state: state ?? null, before, limit });
    const last = items.at(-1);
    return { items, next: last && items.length === limit ? encodeCursor({ before: last.position }) : null };
  }

  @Post(':id/replay')
  @HttpCode(OK)
  async replay(
    @Param('id', { schema: subscriptionId }) id: string,
    @Body({ schema: replaySubscription }) { from }: ReplaySubscription,
    @CurrentCaller() caller: Caller,
  ): Promise<{ readonly id: string; readonly position: number }> {
    return { id, position: await this.subscriptions.replay(caller, id, from) };
  }
}

function withETag({ subscription, version }: StoredSubscription, reply: FastifyReply): Subscription {
  reply.header('etag', `"${String(version)}"`);
  return subscription;
}
