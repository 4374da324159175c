// The routes of reports.
import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Res, StreamableFile } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentCommandRequest,
  Bulk,
  CurrentCaller,
  etag,
  members,
  Roles,
  type CommandRequest,
  type Caller,
} from '#platform';
import { AmendReport } from './amend-report.handler.js';
import { BulkIntake } from './bulk/bulk-intake.js';
import type { Receipt } from './receipt.js';
import { ReportReader } from './report-reader.js';
import * as schemas from './report.schema.js';
import { SubmitReport } from './submit-report.handler.js';
import { WithdrawReport } from './withdraw-report.handler.js';

const FIRST_VERSION = 1;

/** `unchanged`: the report was withdrawn before, with another reason; the first one stays. */
type WithdrawalResponse = { readonly position: number; readonly unchanged?: true };

@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly bulk: BulkIntake,
    private readonly reports: ReportReader,
  ) {}

  /** One report; or as application/x-ndjson one per line, each answered on a line of its own. */
  @Post()
  @Roles('monitor')
  @ApiConsumes('application/json', 'application/x-ndjson')
  async submit(
    @Body({ schema: schemas.reportSchema }) body: schemas.ReportBody | Bulk,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Receipt | StreamableFile> {
    if (body instanceof Bulk) return this.#stream(body, request, reply);
    const { receipt, isNew } = await this.commands.execute(
      new SubmitReport(body, request.caller, request.traceContext),
    );
    reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    if (isNew) reply.header('location', `/v1/reports/${receipt.id}`).header('etag', etag(FIRST_VERSION));
    return receipt;
  }

  @Get(':id')
  @Roles('monitor', 'verifier', 'analyst', 'officer')
  async read(
    @Param('id', { schema: members.uuid }) id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { view, version } = await this.reports.view(id, caller);
    reply.header('etag', etag(version));
    return view;
  }

  @Post(':id/amendments')
  @HttpCode(HttpStatus.OK)
  @Roles('monitor')
  async amend(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.amendmentSchema }) body: schemas.AmendmentBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Receipt> {
    const command = new AmendReport(id, body, request);
    const { receipt, version } = await this.commands.execute(command);
    reply.header('etag', etag(version));
    return receipt;
  }

  @Post(':id/withdrawal')
  @HttpCode(HttpStatus.OK)
  @Roles('monitor')
  async withdraw(
    @Param('id', { schema: members.uuid }) id: string,
    @Body({ schema: schemas.withdrawalSchema }) body: schemas.WithdrawalBody,
    @CurrentCommandRequest() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WithdrawalResponse> {
    const command = new WithdrawReport(id, body, request);
    const { position, version, isUnchanged } = await this.commands.execute(command);
    reply.header('etag', etag(version));
    return { position, ...(isUnchanged ? { unchanged: true } : {}) };
  }

  /** Waits for the first answer: if the body cannot be read at all, the status can still say so. */
  async #stream(body: Bulk, { caller }: CommandRequest, reply: FastifyReply): Promise<StreamableFile> {
    const answers = this.bulk.answer(body, { caller, path: '/v1/reports' });
    const first = await answers.next();
    reply.status(HttpStatus.OK);
    const pieces = first.done === true ? [] : withFirst(first.value, answers);
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), {
      type: 'application/x-ndjson; charset=utf-8',
    });
  }
}

async function* withFirst(first: string, others: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
  yield first;
  yield* others;
}
