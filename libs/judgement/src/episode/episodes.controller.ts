// The routes of episodes.
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { CurrentCommandRequest, etag, List, members, Roles, type CommandRequest, type Page } from '#platform';
import { respond } from '../respond.js';
import { ChangeEpisode } from './change-episode.handler.js';
import { EpisodeList } from './episode-list.js';
import * as schemas from './episode.schema.js';

type EpisodeResponse = { readonly id: string; readonly position: Position };

@Controller('v1/episodes')
export class EpisodesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly episodes: EpisodeList,
  ) {}

  @Post()
  @Roles('verifier')
  async open(
    @Body({ schema: schemas.episodeSchema }) { id, ...episode }: schemas.EpisodeBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EpisodeResponse> {
    const command = { type: 'OpenEpisode', episode: { episode: id, ...episode } } as const;
    const result = await this.commands.execute(new ChangeEpisode(id, command, request));
    return respond(reply, result, { id }, HttpStatus.CREATED);
  }

  @Post(':id/close')
  @HttpCode(HttpStatus.OK)
  @Roles('verifier')
  async close(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.closeSchema }) { to }: schemas.CloseBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EpisodeResponse> {
    const command = { type: 'CloseEpisode', to } as const;
    return respond(reply, await this.commands.execute(new ChangeEpisode(id, command, request)), { id });
  }

  @Get()
  @Roles('verifier', 'officer', 'analyst', 'operator')
  @List({ row: schemas.episodeRow })
  list(
    @Query({ schema: schemas.episodesQuery }) query: schemas.EpisodesQuery,
  ): Promise<Page<schemas.EpisodeRow> & { readonly position: Position }> {
    return this.episodes.page(query);
  }

  /** The ETag is the version for If-Match. */
  @Get(':id')
  @Roles('verifier', 'officer', 'analyst', 'operator')
  async one(
    @Param('id', { schema: members.uuid }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<schemas.EpisodeRow> {
    const { row, version } = await this.episodes.one(id);
    reply.header('etag', etag(version));
    return row;
  }
}
