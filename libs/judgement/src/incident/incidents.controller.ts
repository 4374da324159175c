// The routes of incidents for verifiers.
import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { Position } from '#event-log';
import { CurrentCommandRequest, members, Roles, type CommandRequest } from '#platform';
import { respond } from '../respond.js';
import * as schemas from './incident.schema.js';
import { JudgeIncident } from './judge-incident.handler.js';
import { MoveReports } from './move-reports.handler.js';

type IncidentResponse = { readonly incident: string; readonly position: Position };
type ClaimResponse = IncidentResponse & { readonly claim: number | null };

@Controller('v1/incidents/:id')
@Roles('verifier')
export class IncidentsController {
  constructor(private readonly commands: CommandBus) {}

  /** Moves a report here from the incident that it belongs to; an incident left without one is merged into this. */
  @Post('links')
  @HttpCode(HttpStatus.OK)
  async link(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.linkSchema }) { report }: schemas.LinkBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IncidentResponse> {
    const result = await this.commands.execute(new MoveReports(id, { type: 'LinkReport', report }, request));
    return respond(reply, result, { incident: result.incident });
  }

  /** Gives a report an incident of its own; the answer has its id. */
  @Post('unlinks')
  async unlink(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.linkSchema }) { report }: schemas.LinkBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IncidentResponse> {
    const result = await this.commands.execute(new MoveReports(id, { type: 'UnlinkReport', report }, request));
    return respond(reply, result, { incident: result.incident }, HttpStatus.CREATED);
  }

  /** Gives several reports a new incident together; the answer has its id. */
  @Post('splits')
  async split(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.splitSchema }) { reports }: schemas.SplitBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IncidentResponse> {
    const result = await this.commands.execute(new MoveReports(id, { type: 'SplitIncident', reports }, request));
    return respond(reply, result, { incident: result.incident }, HttpStatus.CREATED);
  }

  /** Merges this incident into another, which gets its reports and claims; its id redirects there from then on. */
  @Post('merges')
  @HttpCode(HttpStatus.OK)
  async merge(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.mergeSchema }) { into }: schemas.MergeBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IncidentResponse> {
    const result = await this.commands.execute(new MoveReports(id, { type: 'MergeIncident', into }, request));
    return respond(reply, result, { incident: result.incident });
  }

  @Post('verification')
  @HttpCode(HttpStatus.OK)
  async verify(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.verificationSchema }) { level, severity, note }: schemas.VerificationBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IncidentResponse> {
    const finding = { type: 'SetVerification', level, ...(severity === undefined ? {} : { severity }) } as const;
    const result = await this.commands.execute(new JudgeIncident(id, finding, withoutNulls({ note }), request));
    return respond(reply, result, { incident: id });
  }

  @Post('attribution')
  @HttpCode(HttpStatus.OK)
  async attribute(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.attributionSchema }) { level, actors, note }: schemas.AttributionBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IncidentResponse> {
    const finding = { type: 'Attribute', level, actors: [...new Set(actors)] } as const;
    const result = await this.commands.execute(new JudgeIncident(id, finding, withoutNulls({ note }), request));
    return respond(reply, result, { incident: id });
  }

  /** Records what a party says about the incident; the answer has the claim's number. */
  @Post('claims')
  async claim(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.claimSchema }) { by, type: claimType, text, target }: schemas.ClaimBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClaimResponse> {
    const claim = { type: 'MakeClaim', by, claimType, target } as const;
    const result = await this.commands.execute(new JudgeIncident(id, claim, withoutNulls({ text }), request));
    return respond(reply, result, { incident: id, claim: result.claim }, HttpStatus.CREATED);
  }

  // eslint-disable-next-line max-params -- Nest passes each part of a request as a parameter
  @Post('claims/:claim/assessment')
  @HttpCode(HttpStatus.OK)
  async assess(
    @Param('id', { schema: members.uuid }) id: string,
    @Param('claim', { schema: schemas.claimNumber }) claim: number,
    @Body({ schema: schemas.assessmentSchema }) { outcome, note }: schemas.AssessmentBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClaimResponse> {
    const finding = { type: 'AssessClaim', claim, outcome } as const;
    const result = await this.commands.execute(new JudgeIncident(id, finding, withoutNulls({ note }), request));
    return respond(reply, result, { incident: id, claim });
  }
}

/** The fields that are not null. */
function withoutNulls(said: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(said).flatMap(([field, text]) => (text === null ? [] : [[field, text]])));
}
