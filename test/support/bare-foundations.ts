// Foundations for route tests that need no database: an empty log, no pools, no authentication.
import { ConfidentialReader, EventLog, type AppendOutcome, type StoredEvent } from '#event-log';
import { Checkpoints } from '#projection';
import { Databases, type Sql } from '#database';
import { NoAuthentication, Pseudonyms, Settings, SystemClock, type Foundations } from '#platform';

export function bareFoundations(given: Partial<Foundations> = {}): Foundations {
  return {
    settings: Settings.from({}),
    databases: new NoDatabases(),
    log: new EmptyLog(),
    confidential: new NothingConfidential(),
    checkpoints: new NoCheckpoints(),
    pseudonyms: new Pseudonyms(Buffer.alloc(32)),
    tokens: new NoAuthentication(),
    clock: new SystemClock(),
    ...given,
  };
}

class NoDatabases extends Databases {
  override readonly access = 'read';
  get intake(): Sql {
    throw new Error('there is no database in this test');
  }
  get analysis(): Sql {
    throw new Error('there is no database in this test');
  }
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

export class EmptyLog extends EventLog {
  override readonly queue = { commands: 0, oldestMs: 0 };
  override append(): Promise<AppendOutcome> {
    return Promise.reject(new Error('this test log is read-only'));
  }
  override whyNotWritable(): Promise<string | null> {
    return Promise.resolve(null);
  }
  override readStream(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([]);
  }
  override read(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([]);
  }
  override readTypes(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([]);
  }
  override head(): ReturnType<EventLog['head']> {
    return Promise.resolve({ position: 0, recordedAt: null });
  }
  override positionAt(): Promise<number> {
    return Promise.resolve(0);
  }
  override waitForEventAfter(): Promise<void> {
    return Promise.resolve();
  }
}

class NothingConfidential extends ConfidentialReader {
  override read(): ReturnType<ConfidentialReader['read']> {
    return Promise.resolve(new Map());
  }
}

export class NoCheckpoints extends Checkpoints {
  override watermark(): ReturnType<Checkpoints['watermark']> {
    return Promise.resolve({ position: 0, generation: 0 });
  }
  override waitFor(): ReturnType<Checkpoints['waitFor']> {
    return this.watermark();
  }
  override progress(): ReturnType<Checkpoints['progress']> {
    return Promise.resolve([]);
  }
  override partitionProgress(): ReturnType<Checkpoints['partitionProgress']> {
    return Promise.resolve([]);
  }
  override relayProgress(): ReturnType<Checkpoints['relayProgress']> {
    return Promise.resolve(null);
  }
}
