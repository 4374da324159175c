// `barada topics`: the topic of the log in Kafka, made, brought to its settings, grown, or filled anew.
import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '#platform';
import { CannotReducePartitions, repartition, resendFrom, LagTooLarge } from '#projection';
import { asyncApiOf, isKafkaFailure, kafkaClient, planPartitions, prepareTopic, type TopicParts } from '#transport';
import { openDatabase, type OpenDatabase } from '../database.js';
import { Failure } from '../failure.js';
import { printLine, type Output } from '../progress.js';
import { projections } from '../projections.js';
import { asFailure } from '../with-database.js';
import { settings } from '../settings.js';

type Options = {
  readonly partitions?: number;
  readonly resend?: true;
  readonly from?: number;
  readonly asyncapi?: true;
  readonly whole?: true;
};
type Surroundings = {
  readonly settings: () => Settings;
  readonly open: (settings: Settings) => Promise<OpenDatabase>;
  readonly out: Output;
};
type Hands = { readonly given: Settings; readonly parts: TopicParts; readonly out: Output };

const HERE: Surroundings = { settings, open: openDatabase, out: process.stdout };

export function topics({ settings: read, open, out }: Surroundings = HERE): Command {
  return new Command('topics')
    .description('make the topic of the log in Kafka, or bring it to its settings; it can be run again at any time')
    .option('--partitions <count>', 'cut the log into more partitions, while everything runs', wholeNumber)
    .option('--resend', 'have everything sent anew, for whoever reads the topic; our own drop what comes twice')
    .option('--from <position>', 'with --resend: only what has this position or a later one', wholeNumber)
    .option('--whole', 'go back to one process: the log is not cut any more (stop the distributed processes first)')
    .option('--asyncapi', 'only print what is on the topic, as an AsyncAPI document')
    .action(async (options: Options) => {
      if (options.asyncapi === true) {
        printLine(out, JSON.stringify(asyncApiOf(read().kafka), null, 2));
        return;
      }
      if (options.from !== undefined && options.resend !== true) throw new Failure('--from goes with --resend.');
      const given = read();
      if (options.whole === true) {
        await unpartition(given, { open, out });
        return;
      }
      if (given.kafka.brokers.length === 0)
        throw new Failure('KAFKA_BROKERS is not set: there is no Kafka to speak to.');
      const { databases, log, close } = await open(given);
      // What fails is thrown and said once; what the client says meanwhile is about its attempts.
      const kafka = kafkaClient(given.kafka, { clientId: 'barada-cli', log: () => undefined });
      const parts = { kafka, log, sql: databases.analysis, projections: projections(given) };
      try {
        await run(options, { given, parts, out });
      } catch (error) {
        throw toFailure(error);
      } finally {
        await close();
      }
    });
}

/** It needs no Kafka: what is there is in the log, and in the rows. */
async function unpartition(given: Settings, { open, out }: Pick<Surroundings, 'open' | 'out'>): Promise<void> {
  const { databases, log, close } = await open(given);
  try {
    const { before } = await repartition(0, { log, sql: databases.analysis, projections: projections(given) });
    printLine(
      out,
      before === 0 ? 'The log was not cut.' : 'The log is not cut any more: one process may follow it (npm start).',
    );
  } catch (error) {
    throw toFailure(error);
  } finally {
    await close();
  }
}

async function run({ partitions, resend, from = 1 }: Options, { given, parts, out }: Hands): Promise<void> {
  const { topic } = given.kafka;
  if (partitions !== undefined) {
    const plan = await planPartitions(topic, partitions, parts);
    for (const [index, step] of plan.entries()) printLine(out, `Step ${index + 1} of ${plan.length}: ${step}.`);
  }
  const grow = partitions === undefined ? {} : { growTo: partitions };
  const { changes, ...now } = await prepareTopic(given.kafka, parts, grow);
  for (const change of changes) printLine(out, `Changed: ${change}.`);
  if (changes.length === 0) printLine(out, 'Nothing had to be changed.');
  printLine(out, `${topic}: ${now.partitions} partitions, each on ${now.replication} of the brokers.`);
  for (const [name, value] of Object.entries(now.settings)) printLine(out, `  ${name} = ${value}`);
  if (resend !== true) return;
  await resendFrom(from - 1, parts.sql);
  printLine(out, `The relay sends everything from position ${from} on anew.`);
}

function toFailure(error: unknown): unknown {
  if (error instanceof CannotReducePartitions || error instanceof LagTooLarge) return new Failure(`${error.message}.`);
  if (isKafkaFailure(error)) return new Failure(`Kafka does not do it (${error.message}): look at KAFKA_BROKERS.`);
  return asFailure(error);
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
