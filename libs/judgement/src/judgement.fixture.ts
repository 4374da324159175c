// Handlers of this lib for specs: on the log in memory, with the registers of the Astana profile.
import type { DomainEvent } from '#domain';
import { MemoryEventLog } from '#event-log/fixture';
import { newTraceContext, Pseudonyms, type Caller, type CommandRequest } from '#platform';
import { loadAstanaProfile } from '#profile';
import { LogRegistry } from '#registry';

export type JudgementWorld = {
  readonly log: MemoryEventLog;
  readonly registry: LogRegistry;
  readonly pseudonyms: Pseudonyms;
  /** Appends an event to a stream, as another feature would. */
  readonly append: (stream: string, event: DomainEvent, key?: string) => Promise<void>;
  /** The types of a stream's events, in order. */
  readonly typesOf: (stream: string) => Promise<readonly string[]>;
  /** The last event of a stream. */
  readonly lastOf: (stream: string) => Promise<{ readonly type: string; readonly data: unknown } | undefined>;
};

export async function judgementWorld(): Promise<JudgementWorld> {
  const log = new MemoryEventLog();
  await loadAstanaProfile(log);
  const registry = new LogRegistry(log, (error) => {
    throw error;
  });
  await registry.refresh();
  return {
    log,
    registry,
    pseudonyms: new Pseudonyms(Buffer.alloc(32, 7)),
    append: async (stream, event, key = stream) => {
      const expected = (await log.readStream(stream)).length;
      const by = { who: 'spec', role: 'monitor', party: null };
      const meta = { by, fingerprint: null, correlation: 'spec' };
      await log.append({ writes: [{ stream, expected, events: [{ event, key }] }], meta });
    },
    typesOf: async (stream) => (await log.readStream(stream)).map(({ type }) => type),
    lastOf: async (stream) => (await log.readStream(stream)).at(-1),
  };
}

/** A command's request as the routes pass it on. */
export function requestOf(caller: Partial<Caller> = {}, ifMatch: number | null = null): CommandRequest {
  return {
    caller: { handle: 'somebody', organisation: 'mission', roles: [], party: null, ...caller },
    traceContext: newTraceContext(),
    ifMatch,
  };
}
