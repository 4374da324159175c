// kcat (Debian's package of that name): a client of Kafka that has nothing in common with ours.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SharedBroker } from './kafka.js';

export type KcatMessage = {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** Name and value in turn. */
  readonly headers: readonly string[];
  readonly payload: string;
};

/** All that is in the topic now, in kcat's own JSON, by partition and offset; null where there is no kcat, which is said. */
export async function kcat({ brokers }: SharedBroker, topic: string): Promise<readonly KcatMessage[] | null> {
  const args = ['-C', '-q', '-J', '-e', '-o', 'beginning', '-b', brokers.join(','), '-t', topic];
  try {
    const { stdout } = await promisify(execFile)('kcat', args, { maxBuffer: 2 ** 28 });
    const lines = stdout.split('\n').filter((line) => line !== '');
    const messages = lines.map((line) => JSON.parse(line) as KcatMessage);
    return messages.sort((one, other) => one.partition - other.partition || one.offset - other.offset);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    process.stderr.write('kcat is not here, so only other clients read the topic: install the package kcat\n');
    return null;
  }
}
