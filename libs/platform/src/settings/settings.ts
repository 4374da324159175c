// All settings, read once from the environment. Names are the same in every mode.
import { z } from 'zod';
import { nearest } from '../nearest.js';
import { fileVariable, SECRETS, secretsFromFiles } from './secret-files.js';
import { broker, issuer, list, publicKey, url, wholeNumber, yesOrNo, type Issuer } from './settings-values.js';

export type { Issuer };

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const DAYS_MAX = 36_500;
const PORT_MAX = 65_535;
const BODY_LIMIT_MIN = 1_024;
const PARTITIONS_MAX = 1_000;
const REPLICATION_MAX = 9;
const INCIDENTS_MAX = 10_000_000;
const DRAIN_SECONDS_MAX = 60;
const HOURS_MAX = 876_000;
const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** How to connect to the brokers, and how to create the topic. */
export type KafkaSettings = {
  /** `host:port` each; empty without Kafka. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  readonly retentionHours: number;
  readonly ssl: boolean;
  readonly sasl: {
    readonly mechanism: (typeof SASL_MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  } | null;
};

// The key is the variable; `describe` is its line in the table of settings.
const environment = z.object({
  HOST: z
    .string()
    .min(1, 'must be an address to listen on, such as 127.0.0.1')
    .default('127.0.0.1')
    .describe('the address to listen on'),
  PORT: wholeNumber('a port', 0, PORT_MAX).default(3000).describe('the port to listen on; 0 takes a free one'),
  BARADA_DIR: z
    .string()
    .min(1, 'must name a folder')
    .default('.barada')
    .describe('where standalone stores its database, its issuer key and its secret'),
  BARADA_URL: url('such as http://127.0.0.1:3000')
    .default('http://127.0.0.1:3000')
    .describe('where the command line finds the running system'),
  DATABASE_URL: z
    .string()
    .regex(
      /^postgres(ql)?:\/\//,
      'must begin with postgres:// or postgresql://, such as postgres://barada@localhost:5432/barada',
    )
    .optional()
    .describe('an installed PostgreSQL, 15 or newer, instead of the embedded one'),
  DATABASE_PASSWORD: z.string().optional().describe('its password, where it is not in the URL'),
  BARADA_SECRET: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits, such as `openssl rand -hex 32` prints')
    .optional()
    .describe(
      'the key of the pseudonyms; the same in all processes, and it never changes (standalone: the file `secret` in BARADA_DIR)',
    ),
  OIDC_ISSUERS: list(issuer())
    .default([])
    .describe('trusted token issuers, separated by commas: `issuer`, or `issuer=JWKS URL`'),
  OIDC_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('what `aud` must contain in the tokens of those issuers; unset: any audience is accepted'),
  BARADA_ISSUER_KEY: publicKey()
    .optional()
    .describe('the public key of `npx barada token`, if distributed processes should accept its tokens'),
  KAFKA_BROKERS: list(broker())
    .default([])
    .describe('the brokers of the distributed mode: `host:port`, separated by commas'),
  KAFKA_TOPIC: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'must be the name of a topic: letters, digits, dots, hyphens and underscores')
    .default('barada.events')
    .describe('the topic that carries the log'),
  KAFKA_PARTITIONS: wholeNumber('a number of partitions', 1, PARTITIONS_MAX)
    .default(6)
    .describe('the number of partitions of a new topic: as many projectors can share the work'),
  KAFKA_REPLICATION: wholeNumber('a number of brokers', 1, REPLICATION_MAX)
    .default(1)
    .describe('the number of brokers that store each partition of a new topic'),
  KAFKA_RETENTION_HOURS: wholeNumber('a number of hours', 1, HOURS_MAX)
    .default(168)
    .describe('how long the topic keeps a message; the log keeps everything'),
  KAFKA_SSL: yesOrNo()
    .default(false)
    .describe('`true`: connect to the brokers with TLS (for a private certificate authority set NODE_EXTRA_CA_CERTS)'),
  KAFKA_SASL_MECHANISM: z
    .enum(SASL_MECHANISMS, `must be one of ${SASL_MECHANISMS.join(', ')}`)
    .optional()
    .describe('how to log in to the brokers: plain, scram-sha-256 or scram-sha-512; unset: no login'),
  KAFKA_SASL_USERNAME: z.string().optional().describe('the user of that login'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('the password of that login'),
  WEBHOOK_ALLOW: list(z.string())
    .default([])
    .describe('private or loopback addresses or CIDRs that webhooks may be delivered to'),
  ALERT_HORIZON_DAYS: wholeNumber('a number of days', 0, DAYS_MAX)
    .default(30)
    .describe('a change that is further in the past raises no alert'),
  HELD_WHOLE_INCIDENTS: wholeNumber('a number of incidents', 0, INCIDENTS_MAX)
    .default(20_000)
    .describe(
      'up to this number of incidents a process holds all of them in memory; with more, those of the last weeks',
    ),
  BODY_LIMIT: wholeNumber('a number of bytes', BODY_LIMIT_MIN, 2 ** 30)
    .default(2 ** 20)
    .describe('the longest JSON body, and the longest line of a bulk, in bytes'),
  BULK_LIMIT: wholeNumber('a number of bytes', BODY_LIMIT_MIN, 2 ** 40)
    .default(2 ** 33)
    .describe('the longest bulk after inflation, in bytes'),
  TRUST_TRACEPARENT: yesOrNo()
    .default(false)
    .describe("`true`: a caller's trace goes on to Kafka and webhooks; else each command begins its own"),
  DRAIN_SECONDS: wholeNumber('a number of seconds', 0, DRAIN_SECONDS_MAX)
    .default(0)
    .describe(
      'how long a stopping process answers requests with `/health/ready` at 503, for a load balancer to notice',
    ),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe('how much is logged'),
});

export class Settings {
  readonly host: string;
  readonly port: number;
  readonly directory: string;
  readonly url: string;
  readonly databaseUrl: string | null;
  readonly secret: Buffer | null;
  readonly issuers: readonly Issuer[];
  readonly audience: string | null;
  /** A JWK as text; null if only OIDC issuers are trusted. */
  readonly issuerKey: string | null;
  readonly kafka: KafkaSettings;
  readonly webhookAllow: readonly string[];
  readonly alertHorizonDays: number;
  readonly incidentsInMemoryMax: number;
  readonly bodyLimit: number;
  readonly bulkLimit: number;
  readonly trustTraceparent: boolean;
  readonly drainSeconds: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];

  constructor(values: Values) {
    this.host = values.HOST;
    this.port = values.PORT;
    this.directory = values.BARADA_DIR;
    this.url = values.BARADA_URL;
    this.databaseUrl = databaseUrlOf(values);
    this.secret = values.BARADA_SECRET === undefined ? null : Buffer.from(values.BARADA_SECRET, 'hex');
    this.issuers = values.OIDC_ISSUERS;
    this.audience = values.OIDC_AUDIENCE ?? null;
    this.issuerKey = values.BARADA_ISSUER_KEY ?? null;
    this.kafka = kafkaOf(values);
    this.webhookAllow = values.WEBHOOK_ALLOW;
    this.alertHorizonDays = values.ALERT_HORIZON_DAYS;
    this.incidentsInMemoryMax = values.HELD_WHOLE_INCIDENTS;
    this.bodyLimit = values.BODY_LIMIT;
    this.bulkLimit = values.BULK_LIMIT;
    this.trustTraceparent = values.TRUST_TRACEPARENT;
    this.drainSeconds = values.DRAIN_SECONDS;
    this.logLevel = values.LOG_LEVEL;
  }

  /** An empty variable counts as unset. Throws BadSettings. */
  static from(env: Readonly<Record<string, string | undefined>>): Settings {
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
    const { values, mistakes } = secretsFromFiles(given);
    const parsed = environment.superRefine(requireCompleteLogin).safeParse(values);
    const issues = parsed.error?.issues ?? [];
    const messages = [
      ...unknownVariables(given),
      ...mistakes,
      ...issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`),
    ];
    if (parsed.success && messages.length === 0) return new Settings(parsed.data);
    throw new BadSettings(messages);
  }
}

type Values = z.output<typeof environment>;

function databaseUrlOf({ DATABASE_URL: text, DATABASE_PASSWORD: password }: Values): string | null {
  if (text === undefined || password === undefined) return text ?? null;
  const url = new URL(text);
  url.password = encodeURIComponent(password);
  return url.href;
}

function kafkaOf(values: Values): KafkaSettings {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = values;
  return {
    brokers: values.KAFKA_BROKERS,
    topic: values.KAFKA_TOPIC,
    partitions: values.KAFKA_PARTITIONS,
    replication: values.KAFKA_REPLICATION,
    retentionHours: values.KAFKA_RETENTION_HOURS,
    ssl: values.KAFKA_SSL,
    sasl: mechanism === undefined ? null : { mechanism, username: username ?? '', password: password ?? '' },
  };
}

const LOGIN = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;

function requireCompleteLogin(values: Values, context: z.RefinementCtx): void {
  const missing = LOGIN.filter((name) => values[name] === undefined);
  if (missing.length === 0 || missing.length === LOGIN.length) return;
  for (const name of missing)
    context.addIssue({ code: 'custom', path: [name], message: `must be set too: ${LOGIN.join(', ')} go together` });
}

/** One message for each mistake. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings';
  constructor(readonly messages: readonly string[]) {
    super(messages.join('\n'));
  }
}

/** The table of settings for the documentation: variable, default, meaning. */
export function settingsTable(): readonly (readonly [variable: string, fallback: string, meaning: string])[] {
  return Object.entries(environment.shape).map(([variable, schema]) => {
    const fallback = schema.safeParse(undefined).data;
    const isShown = typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean';
    return [variable, isShown ? String(fallback) : '', schema.description ?? ''];
  });
}

// Other programs use these first words too, so there only a near miss counts as a mistake of ours.
const SHARED_WORDS = new Set(['KAFKA', 'DATABASE', 'LOG', 'BODY', 'TRUST', 'ALERT']);

/** A misspelt setting would silently keep its default. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = settingNames();
  const words = new Set(known.filter((name) => name.includes('_')).map(firstWord));
  return Object.keys(env).flatMap((name) => {
    if (!words.has(firstWord(name)) || !name.includes('_') || known.includes(name)) return [];
    if (OTHER_VARIABLES.has(name)) return [];
    const near = nearest(name, known);
    if (near !== null) return [`${name} is not a setting; did you mean ${near}?`];
    return SHARED_WORDS.has(firstWord(name))
      ? []
      : [`${name} is not a setting: remove it, or see the list in the README.`];
  });
}

// Of docker-compose.yml, and of the tests.
const OTHER_VARIABLES: ReadonlySet<string> = new Set(['BARADA_PUBLISH', 'BARADA_TEST_CLUSTER']);

function firstWord(name: string): string {
  return name.split('_')[0] ?? name;
}

/** Every variable that is read, the `_FILE` variants included. */
export function settingNames(): readonly string[] {
  return [...Object.keys(environment.shape), ...SECRETS.map(fileVariable)];
}
