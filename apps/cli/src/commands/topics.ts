// `barada topics`: creates or updates the Kafka topic of the log, adds partitions, or resends the log.
import { Command, InvalidArgumentError } from 'commander';
import { startLogGeneration } from '#event-log';
import type { Settings } from '#platform';
import { CannotReducePartitions, repartition, resendFrom, LagTooLarge } from '#projection';
import {
  asyncApiOf,
  failureSentence,
  isKafkaFailure,
  kafkaClient,
  planPartitions,
  prepareTopic,
  type TopicParts,
} from '#transport';
import { DATABASE_COMMAND, type DatabaseCommandOptions } from '../database.js';
import { Failure } from '../failure.js';
import { printLine, type Output } from '../progress.js';
import { projections } from '../projections.js';
import { asFailure } from '../with-database.js';

type Options = {
  readonly partitions?: number;
  readonly resend?: true;
  readonly from?: number;
  readonly asyncapi?: true;
  readonly newGeneration?: true;
  readonly whole?: true;
};
type TopicsContext = { readonly config: Settings; readonly parts: TopicParts; readonly out: Output };

export function topics({ settings: read, open, out }: DatabaseCommandOptions = DATABASE_COMMAND): Command {
  return new Command('topics')
    .description('create the Kafka topic of the log, or update its settings; it can be run again at any time')
    .option('--partitions <count>', 'increase the number of partitions while the system runs', wholeNumber)
    .option('--resend', 'send all events to the topic again, for other consumers; our own consumers drop duplicates')
    .option('--from <position>', 'with --resend: only events from this position on', wholeNumber)
    .option(
      '--whole',
      'go back to one process: the log is no longer partitioned (stop the distributed processes first)',
    )
    .option(
      '--new-generation',
      'start a new generation of the log and send all events again (after the database was restored by other means)',
    )
    .option('--asyncapi', 'only print the AsyncAPI document of the topic')
    .action(async (options: Options) => {
      if (options.asyncapi === true) {
        printLine(out, JSON.stringify(asyncApiOf(read().kafka), null, 2));
        return;
      }
      if (options.from !== undefined && options.resend !== true) throw new Failure('--from goes with --resend.');
      const config = read();
      if (options.whole === true) {
        await unpartition(config, { open, out });
        return;
      }
      if (config.kafka.brokers.length === 0)
        throw new Failure('KAFKA_BROKERS is not set: it must name the Kafka brokers.');
      const { databases, log, close } = await open(config);
      // The client logs every failed attempt; the final error is thrown and printed once.
      const kafka = kafkaClient(config.kafka, { clientId: 'barada-cli', log: () => undefined });
      const parts = { kafka, log, sql: databases.analysis, projections: projections(config) };
      try {
        await run(options, { config, parts, out });
      } catch (error) {
        throw toFailure(error);
      } finally {
        await close();
      }
    });
}

/** Needs no Kafka: the partitions are rows in the database. */
async function unpartition(
  config: Settings,
  { open, out }: Pick<DatabaseCommandOptions, 'open' | 'out'>,
): Promise<void> {
  const { databases, log, close } = await open(config);
  try {
    const { before } = await repartition(0, { log, sql: databases.analysis, projections: projections(config) });
    printLine(
      out,
      before === 0
        ? 'The log was not partitioned.'
        : 'The log is no longer partitioned: one process can follow it (npm start).',
    );
  } catch (error) {
    throw toFailure(error);
  } finally {
    await close();
  }
}

async function run(
  { partitions, resend, newGeneration, from = 1 }: Options,
  { config, parts, out }: TopicsContext,
): Promise<void> {
  const { topic } = config.kafka;
  if (partitions !== undefined) {
    const plan = await planPartitions(topic, partitions, parts);
    for (const [index, step] of plan.entries()) printLine(out, `Step ${index + 1} of ${plan.length}: ${step}.`);
  }
  const grow = partitions === undefined ? {} : { growTo: partitions };
  const { changes, ...now } = await prepareTopic(config.kafka, parts, grow);
  for (const change of changes) printLine(out, `Changed: ${change}.`);
  if (changes.length === 0) printLine(out, 'Nothing had to be changed.');
  printLine(out, `${topic}: ${now.partitions} partitions, each on ${now.replication} of the brokers.`);
  for (const [name, value] of Object.entries(now.settings)) printLine(out, `  ${name} = ${value}`);
  if (newGeneration === true) {
    await startLogGeneration(parts.sql);
    await resendFrom(0, parts.sql);
    printLine(out, 'The log has a new generation. The relay sends all events again, marked with it.');
    return;
  }
  if (resend !== true) return;
  await resendFrom(from - 1, parts.sql);
  printLine(out, `The relay sends all events from position ${from} on again.`);
}

function toFailure(error: unknown): unknown {
  if (error instanceof CannotReducePartitions || error instanceof LagTooLarge) return new Failure(`${error.message}.`);
  if (isKafkaFailure(error)) return new Failure(`${failureSentence(error)}.`);
  return asFailure(error);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be an integer from 1 on.');
}
