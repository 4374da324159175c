// Reads a report with the confidential fields that the caller may see.
import { Injectable } from '@nestjs/common';
import { report } from '#domain';
import { ConfidentialReader, EventLog, stateOf, type StoredEvent } from '#event-log';
import { Problem, Pseudonyms, type Caller } from '#platform';
import type { Confidential } from './confidential-split.js';
import { viewOf, VISIBLE, type KnownReport, type Viewer } from './report-view.js';

export type FoundReport = { readonly report: KnownReport; readonly history: readonly StoredEvent[] };

@Injectable()
export class ReportReader {
  constructor(
    private readonly log: EventLog,
    private readonly confidential: ConfidentialReader,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /** Throws Problem 404 for an unknown report, and for one that the caller may not see. */
  async view(id: string, caller: Caller): Promise<{ readonly view: object; readonly version: number }> {
    const { report, history } = await this.#find(id);
    const viewer = this.#viewer(report, caller);
    const [first] = history;
    if (viewer === null || !first) throw notFound(id);
    return {
      view: viewOf(report, first, viewer, await this.#seenBy(viewer, history)),
      version: history.length,
    };
  }

  /** For the author only; throws Problem 404 for everybody else. */
  async own(id: string, caller: Caller): Promise<FoundReport> {
    const found = await this.#find(id);
    if (this.#isAuthor(found.report, caller)) return found;
    throw notFound(id);
  }

  async #find(id: string): Promise<FoundReport> {
    const history = await this.log.readStream(`report-${id}`);
    const state = stateOf(report, history);
    if (state.status === 'unknown') throw notFound(id);
    return { report: state, history };
  }

  #viewer(report: KnownReport, caller: Caller): Viewer | null {
    if (caller.roles.includes('monitor') && this.#isAuthor(report, caller)) return 'author';
    if (caller.roles.includes('verifier')) return 'verifier';
    return caller.roles.some((role) => role === 'analyst' || role === 'officer') ? 'reader' : null;
  }

  #isAuthor({ now }: KnownReport, { handle }: Caller): boolean {
    return now.source.monitor === this.pseudonyms.monitor(handle);
  }

  async #seenBy(viewer: Viewer, history: readonly StoredEvent[]): Promise<Confidential> {
    const fields: readonly string[] = VISIBLE[viewer];
    if (fields.length === 0) return {};
    const written = history.filter(({ type }) => type === 'ReportSubmitted' || type === 'ReportAmended');
    const parts = await this.confidential.read(written.map(({ position }) => position));
    // An amendment has only the fields that it changed, so later ones overwrite earlier ones.
    const all = written.flatMap(({ position }) => Object.entries(parts.get(position) ?? {}));
    return Object.fromEntries(all.filter(([field]) => fields.includes(field)));
  }
}

function notFound(id: string): Problem {
  return new Problem(404, 'no-such-report', `There is no report ${id}, or it is not yours to see.`);
}
