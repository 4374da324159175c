// A file of reports, one a line: each is answered on its own, in order, and a bad one does not touch its neighbours.
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

// Two batches of the log: while one is being written the next one fills.
const CONCURRENCY_MAX = 128;
// A file waits longer than a person would.
const ATTEMPTS_MAX = 20;
const ID_LENGTH = 36;

type LineAnswer = {
  /** Of the input, from 1. */
  readonly line: number;
  readonly id: string | null;
  readonly status: 'accepted' | 'duplicate' | 'refused' | 'malformed';
  readonly position?: Position;
  readonly problem?: object;
};

export type BulkRequest = { readonly caller: Caller; readonly path: string };

@Injectable()
export class BulkIntake {
  readonly #logger = new Logger('bulk');

  constructor(private readonly commands: CommandBus) {}

  /** Pieces of NDJSON. Throws what makes it impossible to go on: a body that is too long or no gzip, a lost database. */
  async *to(lines: Bulk, request: BulkRequest): AsyncGenerator<string, void> {
    // Whoever reads the answer calls from nobody's context; the log lines are this request's.
    const asRequested = AsyncLocalStorage.snapshot();
    const answer = (line: BulkLine): Promise<LineAnswer> => asRequested(() => this.#answerTraced(line, request));
    for await (const answers of mapInOrder(lines, CONCURRENCY_MAX, answer)) {
      yield answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
    }
  }

  /** A trail for each line: what came in one file must not be told by the alerts that follow from it. */
  #answerTraced(line: BulkLine, request: BulkRequest): Promise<LineAnswer> {
    const trail = newTraceContext();
    return withTraceContext(trail, async () => {
      const answer = await this.#answerLine(line, request, trail);
      this.#logger.debug(`line ${answer.line} is ${answer.status}`);
      return answer;
    });
  }

  async #answerLine(bulkLine: BulkLine, request: BulkRequest, trail: TraceContext): Promise<LineAnswer> {
    const { line } = bulkLine;
    let id: string | null = null;
    try {
      const sent = parseBulkLine(bulkLine);
      id = idOf(sent);
      const { receipt, isNew } = await this.#submit(sent, request, trail);
      return { line, id: receipt.id, status: isNew ? 'accepted' : 'duplicate', position: receipt.position };
    } catch (error) {
      const problem = problemOf(error);
      // Not this line's fault. The lines that were answered are kept, and the file can be sent again.
      if (problem.status >= 500) throw error;
      const status = problem.status === 400 || problem.status === 413 ? 'malformed' : 'refused';
      return { line, id, status, problem: problemBody(problem, request.path) };
    }
  }

  async #submit(sent: unknown, { caller }: BulkRequest, trail: TraceContext): Promise<SubmitResult> {
    const body = validate(reportSchema, sent);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.commands.execute(new SubmitReport(body, caller, trail));
      } catch (error) {
        if (!(error instanceof Overloaded) || attempt === ATTEMPTS_MAX) throw error;
        await sleep(error.retryAfterSeconds * 1000);
      }
    }
  }
}

/** Says which report a bad line was about, where it says so itself. */
function idOf(sent: unknown): string | null {
  const id: unknown = typeof sent === 'object' && sent !== null && 'id' in sent ? sent.id : null;
  return typeof id === 'string' && id.length <= ID_LENGTH ? id : null;
}
