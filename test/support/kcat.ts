// kcat (Debian package kcat): a Kafka client that shares no code with ours.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SharedBroker } from './kafka.js';

export type KcatMessage = {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  readonly payload: string;
};

/** All messages of the topic as kcat's JSON, by partition and offset. Null, with a message, if kcat is not installed. */
export async function kcat({ brokers }: SharedBroker, topic: string): Promise<readonly KcatMessage[] | null> {
  const args = ['-C', '-q', '-J', '-e', '-o', 'beginning', '-b', brokers.join(','), '-t', topic];
  try {
    const { stdout } = await promisify(execFile)('kcat', args, { maxBuffer: 2 ** 28 });
    const lines = stdout.split('\n').filter((line) => line !== '');
    const messages = lines.map((line) => JSON.parse(line) as KcatMessage);
    return messages.sort((one, other) => one.partition - other.partition || one.offset - other.offset);
  } catch (error) {
    // Not `instanceof Error`: under jest the error of a Node module is of another realm.
    if ((error as { readonly code?: unknown }).code !== 'ENOENT') throw error;
    process.stderr.write('kcat is not installed (Debian package kcat): its check of the topic is skipped\n');
    return null;
  }
}
