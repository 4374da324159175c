// The routes of actors: operators register them, everybody with a token reads them.
import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { CurrentCommandRequest, decodeCursor, etag, List, Roles, type CommandRequest, type Page } from '#platform';
import { AsOfResolver, type AsOf } from '#registry';
import { respond } from '../respond.js';
import { actorRowOf, actorsPage } from './actor-list.js';
import * as schemas from './actor.schema.js';
import { ChangeActor, noSuchActor } from './change-actor.handler.js';

type ActorResponse = { readonly code: string; readonly position: Position };

@Controller('v1/actors')
export class ActorsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly asOfResolver: AsOfResolver,
  ) {}

  @Post()
  @Roles('operator')
  async register(
    @Body({ schema: schemas.actorSchema }) { code, name, aliases, bound, guarantors }: schemas.ActorBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ActorResponse> {
    const actor = { actor: code, name, aliases: aliases ?? [], bound, guarantors: guarantors ?? [] };
    const result = await this.commands.execute(new ChangeActor(code, { type: 'RegisterActor', actor }, request));
    return respond(reply, result, { code }, HttpStatus.CREATED);
  }

  /** Adds the aliases that the actor does not have yet. */
  @Post(':code/aliases')
  @Roles('operator')
  async addAliases(
    @Param('code', { schema: schemas.actorParam }) code: string,
    @Body({ schema: schemas.aliasesSchema }) { aliases }: schemas.AliasesBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ActorResponse> {
    const result = await this.commands.execute(new ChangeActor(code, { type: 'AddAliases', aliases }, request));
    return respond(reply, result, { code }, HttpStatus.CREATED);
  }

  @Post(':code/affiliations')
  @Roles('operator')
  async affiliate(
    @Param('code', { schema: schemas.actorParam }) code: string,
    @Body({ schema: schemas.affiliationSchema }) { id, to, from, until, disputedBy }: schemas.AffiliationBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ActorResponse & { readonly id: string }> {
    const affiliation = { affiliation: id, to, from, until, disputedBy: disputedBy ?? [] };
    const command = { type: 'RecordAffiliation', affiliation } as const;
    const result = await this.commands.execute(new ChangeActor(code, command, request));
    return respond(reply, result, { id, code }, HttpStatus.CREATED);
  }

  @Get()
  @List({ row: schemas.actorRow })
  async list(
    @Query({ schema: schemas.actorsQuery }) query: schemas.ActorsQuery,
  ): Promise<Page<schemas.ActorRow> & AsOf> {
    const from = query.cursor === undefined ? null : decodeCursor(query.cursor, schemas.cursorSchema);
    const { register, asOf } = await this.asOfResolver.resolve(query, from?.position);
    return { ...actorsPage(register, query, from?.after ?? null), ...asOf };
  }

  @Get(':code')
  async one(
    @Param('code', { schema: schemas.actorParam }) code: string,
    @Query({ schema: schemas.actorQuery }) query: schemas.ActorQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<schemas.ActorRow & AsOf> {
    const { register, asOf } = await this.asOfResolver.resolve(query);
    const row = actorRowOf(register, code, query.at);
    if (!row) throw noSuchActor(code);
    reply.header('etag', etag(register.actorDetails.get(code)?.version ?? 0));
    return { ...row, ...asOf };
  }
}
