// All settings, read once from the environment. The same names in every mode.
import { z } from 'zod';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const DAYS_MAX = 36_500;
const PORT_MAX = 65_535;
const BODY_LIMIT_MIN = 1_024;

/** An OIDC issuer. `jwks` is null where it is found through the issuer's discovery document. */
export type Issuer = { readonly issuer: string; readonly jwks: string | null };

// The key is the variable; `describe` is its line in the README.
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
    .describe('where standalone keeps its database, its issuer key and its secret'),
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
  BARADA_SECRET: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits, such as `openssl rand -hex 32` prints')
    .optional()
    .describe('keys the pseudonyms; the same in all processes, for ever (standalone: the file `secret` in BARADA_DIR)'),
  OIDC_ISSUERS: list(issuer())
    .default([])
    .describe('trusted token issuers, separated by commas: `issuer`, or `issuer=JWKS URL`'),
  OIDC_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('what `aud` must contain in the tokens of those issuers; unset: anything'),
  WEBHOOK_ALLOW: list(z.string())
    .default([])
    .describe('addresses or CIDRs that deliveries may go to although they are private or loopback'),
  ALERT_HORIZON_DAYS: wholeNumber('a number of days', 0, DAYS_MAX)
    .default(30)
    .describe('a change that lies further back raises no alert'),
  BODY_LIMIT: wholeNumber('a number of bytes', BODY_LIMIT_MIN, 2 ** 30)
    .default(2 ** 20)
    .describe('the longest JSON body, and the longest line of a bulk, in bytes'),
  BULK_LIMIT: wholeNumber('a number of bytes', BODY_LIMIT_MIN, 2 ** 40)
    .default(2 ** 33)
    .describe('the longest bulk after inflation, in bytes'),
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
  readonly webhookAllow: readonly string[];
  readonly alertHorizonDays: number;
  readonly bodyLimit: number;
  readonly bulkLimit: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];

  constructor(values: z.output<typeof environment>) {
    this.host = values.HOST;
    this.port = values.PORT;
    this.directory = values.BARADA_DIR;
    this.url = values.BARADA_URL;
    this.databaseUrl = values.DATABASE_URL ?? null;
    this.secret = values.BARADA_SECRET === undefined ? null : Buffer.from(values.BARADA_SECRET, 'hex');
    this.issuers = values.OIDC_ISSUERS;
    this.audience = values.OIDC_AUDIENCE ?? null;
    this.webhookAllow = values.WEBHOOK_ALLOW;
    this.alertHorizonDays = values.ALERT_HORIZON_DAYS;
    this.bodyLimit = values.BODY_LIMIT;
    this.bulkLimit = values.BULK_LIMIT;
    this.logLevel = values.LOG_LEVEL;
  }

  /** An empty variable counts as one that is not set. */
  static from(env: Readonly<Record<string, string | undefined>>): Settings {
    const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
    const parsed = environment.safeParse(given);
    if (parsed.success) return new Settings(parsed.data);
    throw new BadSettings(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`));
  }
}

/** One sentence for each mistake. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings';
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}

/** The README's table: variable, default, meaning. */
export function settingsTable(): readonly (readonly [variable: string, fallback: string, meaning: string])[] {
  return Object.entries(environment.shape).map(([variable, schema]) => {
    const fallback = schema.safeParse(undefined).data;
    const isSaid = typeof fallback === 'string' || typeof fallback === 'number';
    return [variable, isSaid ? String(fallback) : '', schema.description ?? ''];
  });
}

function wholeNumber(what: string, min: number, max: number) {
  const message = `must be ${what}: a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d+$/, message).transform(Number).pipe(z.number().min(min, message).max(max, message));
}

function url(example: string) {
  return z
    .url({ protocol: /^https?$/, error: `must be an http or https URL, ${example}` })
    .transform((text) => text.replace(/\/+$/, ''));
}

function list<Item extends z.ZodType<unknown, string>>(item: Item) {
  const split = (text: string): string[] => text.split(',').map((part) => part.trim());
  return z
    .string()
    .transform((text) => split(text).filter((part) => part !== ''))
    .pipe(z.array(item));
}

function issuer() {
  const message = 'must list http or https URLs: `issuer`, or `issuer=JWKS URL`, separated by commas';
  return z.string().transform((text, context): Issuer => {
    const at = text.indexOf('=');
    const [name, jwks] = at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
    if ([name, jwks ?? name].every(isHttpUrl)) return { issuer: name, jwks };
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
