// The doors to episodes, red lines and organisations.
import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { CurrentCommandRequest, Clock, members, requireIfMatch, Roles, type CommandRequest } from '#platform';
import { respond } from './respond.js';
import { ChangeEpisode } from './episode/change-episode.handler.js';
import * as schemas from './framework.schema.js';
import { RegisterOrganisation } from './organisation/register-organisation.handler.js';
import { ChangeRedLine } from './red-line/change-red-line.handler.js';

type Told = { readonly id: string; readonly position: Position };

@Controller('v1')
export class FrameworkController {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Post('episodes')
  @Roles('verifier')
  async open(
    @Body({ schema: schemas.episodeSchema }) { id, ...episode }: schemas.EpisodeBody,
    @CurrentCommandRequest() asked: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Told> {
    const command = { type: 'OpenEpisode', episode: { episode: id, ...episode } } as const;
    return respond(
      reply,
      await this.commands.execute(new ChangeEpisode(id, command, asked)),
      { id },
      HttpStatus.CREATED,
    );
  }

  @Post('episodes/:id/close')
  @HttpCode(HttpStatus.OK)
  @Roles('verifier')
  async close(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.closeSchema }) { to }: schemas.CloseBody,
    @CurrentCommandRequest() asked: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Told> {
    const command = { type: 'CloseEpisode', to } as const;
    return respond(reply, await this.commands.execute(new ChangeEpisode(id, command, asked)), { id });
  }

  /** By an officer of the party that declares it, or that answers for its declarer. */
  @Post('red-lines')
  @Roles('officer')
  async declare(
    @Body({ schema: schemas.redLineSchema }) { id, ...redLine }: schemas.RedLineBody,
    @CurrentCommandRequest() asked: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Told> {
    const command = { type: 'DeclareRedLine', redLine: { redLine: id, ...redLine } } as const;
    const commandResult = await this.commands.execute(new ChangeRedLine(id, command, {}, asked));
    return respond(reply, commandResult, { id }, HttpStatus.CREATED);
  }

  @Post('red-lines/:id/withdrawal')
  @HttpCode(HttpStatus.OK)
  @Roles('officer')
  async withdraw(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.redLineWithdrawalSchema }) { note }: schemas.RedLineWithdrawalBody,
    @CurrentCommandRequest() asked: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Told> {
    requireIfMatch(asked);
    const command = { type: 'WithdrawRedLine', at: this.clock.now() } as const;
    const commandResult = await this.commands.execute(
      new ChangeRedLine(id, command, note === null ? {} : { note }, asked),
    );
    return respond(reply, commandResult, { id });
  }

  @Post('organisations')
  @Roles('operator')
  async register(
    @Body({ schema: schemas.organisationSchema }) body: schemas.OrganisationBody,
    @CurrentCommandRequest() asked: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly code: string; readonly position: Position }> {
    const commandResult = await this.commands.execute(new RegisterOrganisation(body, asked));
    return respond(reply, commandResult, { code: body.code, alignment: body.alignment }, HttpStatus.CREATED);
  }
}
