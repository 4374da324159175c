// A file of reports, one per line: each line is answered on its own and in order; a bad line does not affect others.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Overloaded, type Position } from '#event-log';
import {
  validate,
  newTraceContext,
  parseBulkLine,
  withTraceContext,
  problemBody,
  problemOf,
  type Bulk,
  type Caller,
  type BulkLine,
  type TraceContext,
} from '#platform';
import { mapInOrder } from './map-in-order.js';
import { reportSchema } from '../report.schema.js';
import { SubmitReport, type SubmitResult } from '../submit-report.handler.js';

// Two batches of the log: one is being written while the next one fills.
const CONCURRENCY_MAX = 128;
// A file can wait longer than a person.
const ATTEMPTS_MAX = 20;
const ID_LENGTH = 36;

type LineAnswer = {
  /** The line of the input, from 1. */
  readonly line: number;
  readonly id: string | null;
  /** The incident that the report belongs to; null for reports of other types, left out without a report. */
  readonly incident?: string | null;
  readonly status: 'accepted' | 'duplicate' | 'refused' | 'malformed';
  readonly position?: Position;
  readonly problem?: object;
};

export type BulkRequest = { readonly caller: Caller; readonly path: string };

@Injectable()
export class BulkIntake {
  readonly #logger = new Logger('bulk');

  constructor(private readonly commands: CommandBus) {}

  /** Yields NDJSON. Throws where it cannot continue: the body is too long or not gzip, or the database is away. */
  async *answer(lines: Bulk, request: BulkRequest): AsyncGenerator<string, void> {
    // The reader of the answer runs outside the request's context; the log lines belong to the request.
    const asRequested = AsyncLocalStorage.snapshot();
    const answer = (line: BulkLine): Promise<LineAnswer> => asRequested(() => this.#answerTraced(line, request));
    for await (const answers of mapInOrder(lines, CONCURRENCY_MAX, answer)) {
      yield answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
    }
  }

  /** A trace context for each line: subscribers must not see from alerts which reports came in one file. */
  #answerTraced(line: BulkLine, request: BulkRequest): Promise<LineAnswer> {
    const traceContext = newTraceContext();
    return withTraceContext(traceContext, async () => {
      const answer = await this.#answerLine(line, request, traceContext);
      this.#logger.debug(`line ${answer.line} is ${answer.status}`);
      return answer;
    });
  }

  async #answerLine(bulkLine: BulkLine, request: BulkRequest, traceContext: TraceContext): Promise<LineAnswer> {
    const { line } = bulkLine;
    let id: string | null = null;
    try {
      const sent = parseBulkLine(bulkLine);
      id = idOf(sent);
      const { receipt, isNew } = await this.#submit(sent, request, traceContext);
      const status = isNew ? 'accepted' : 'duplicate';
      return { line, id: receipt.id, incident: receipt.incident, status, position: receipt.position };
    } catch (error) {
      const problem = problemOf(error);
      // Not a fault of this line. The answered lines are stored, and the file can be sent again.
      if (problem.status >= 500) throw error;
      const status = problem.status === 400 || problem.status === 413 ? 'malformed' : 'refused';
      return { line, id, status, problem: problemBody(problem, request.path) };
    }
  }

  async #submit(sent: unknown, { caller }: BulkRequest, traceContext: TraceContext): Promise<SubmitResult> {
    const body = validate(reportSchema, sent);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.commands.execute(new SubmitReport(body, caller, traceContext));
      } catch (error) {
        if (!(error instanceof Overloaded) || attempt === ATTEMPTS_MAX) throw error;
        await sleep(error.retryAfterSeconds * 1000);
      }
    }
  }
}

/** The id of a bad line's report, if it has one. */
function idOf(sent: unknown): string | null {
  const id: unknown = typeof sent === 'object' && sent !== null && 'id' in sent ? sent.id : null;
  return typeof id === 'string' && id.length <= ID_LENGTH ? id : null;
}
