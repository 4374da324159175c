// The routes of red lines.
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import {
  Clock,
  CurrentCommandRequest,
  etag,
  List,
  members,
  requireIfMatch,
  Roles,
  type CommandRequest,
  type Page,
} from '#platform';
import { respond } from '../respond.js';
import { ChangeRedLine } from './change-red-line.handler.js';
import { RedLineList } from './red-line-list.js';
import * as schemas from './red-line.schema.js';

type RedLineResponse = { readonly id: string; readonly position: Position };

@Controller('v1/red-lines')
export class RedLinesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly redLines: RedLineList,
    private readonly clock: Clock,
  ) {}

  /** For an officer of the party that declares it or that answers for its declarer. */
  @Post()
  @Roles('officer')
  async declare(
    @Body({ schema: schemas.redLineSchema }) { id, ...redLine }: schemas.RedLineBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RedLineResponse> {
    const command = { type: 'DeclareRedLine', redLine: { redLine: id, ...redLine } } as const;
    const result = await this.commands.execute(new ChangeRedLine(id, command, {}, request));
    return respond(reply, result, { id }, HttpStatus.CREATED);
  }

  @Post(':id/withdrawal')
  @HttpCode(HttpStatus.OK)
  @Roles('officer')
  async withdraw(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.redLineWithdrawalSchema }) { note }: schemas.RedLineWithdrawalBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RedLineResponse> {
    requireIfMatch(request);
    const command = { type: 'WithdrawRedLine', at: this.clock.now() } as const;
    const confidential = note === null ? {} : { note };
    return respond(reply, await this.commands.execute(new ChangeRedLine(id, command, confidential, request)), { id });
  }

  @Get()
  @Roles('verifier', 'officer', 'analyst', 'operator')
  @List({ row: schemas.redLineRow })
  list(
    @Query({ schema: schemas.redLinesQuery }) query: schemas.RedLinesQuery,
  ): Promise<Page<schemas.RedLineRow> & { readonly position: Position }> {
    return this.redLines.page(query);
  }

  /** The ETag is the version for If-Match. */
  @Get(':id')
  @Roles('verifier', 'officer', 'analyst', 'operator')
  async one(
    @Param('id', { schema: members.uuid }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<schemas.RedLineRow> {
    const { row, version } = await this.redLines.one(id);
    reply.header('etag', etag(version));
    return row;
  }
}
