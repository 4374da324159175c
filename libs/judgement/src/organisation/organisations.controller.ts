// The route of organisations: operators register the side that an organisation belongs to.
import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { CurrentCommandRequest, Roles, type CommandRequest } from '#platform';
import { respond } from '../respond.js';
import { organisationSchema, type OrganisationBody } from './organisation.schema.js';
import { RegisterOrganisation } from './register-organisation.handler.js';

@Controller('v1/organisations')
export class OrganisationsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Roles('operator')
  async register(
    @Body({ schema: organisationSchema }) body: OrganisationBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly code: string; readonly position: Position }> {
    const result = await this.commands.execute(new RegisterOrganisation(body, request));
    return respond(reply, result, { code: body.code, alignment: body.alignment }, HttpStatus.CREATED);
  }
}
