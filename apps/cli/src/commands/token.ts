// `barada token`: prints a token that the system with this BARADA_DIR accepts.
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { GUARANTORS, type Guarantor } from '#domain';
import { LocalIssuer, ROLES, type Role } from '#platform';
import { settings } from '../settings.js';

type TokenOptions = {
  readonly role: readonly Role[];
  readonly org: string;
  readonly sub?: string;
  readonly party?: Guarantor;
  readonly ttl: number;
};

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const TTL = /^(?<count>\d{1,6})(?<unit>[smhd])$/;
const TTL_MAX_S = 366 * SECONDS.d;
const UNAUTHORIZED = 401;
const ANSWER_TIMEOUT_MS = 2_000;

type Print = (text: string) => void;
type Warn = (text: string) => void;

export function token(print: Print = console.log, warn: Warn = console.error): Command {
  return new Command('token')
    .description('print a token, signed with the key in BARADA_DIR')
    .addOption(
      new Option('--role <role>', `${ROLES.join(', ')}; may be repeated`).argParser(alsoRole).makeOptionMandatory(),
    )
    .option('--org <code>', 'the organisation of the user', '')
    .option('--sub <handle>', 'the handle; default: the roles and -1, such as monitor-1')
    .addOption(new Option('--party <code>', 'the guarantor of an officer').choices(GUARANTORS))
    .addOption(
      new Option('--ttl <duration>', 'how long it is valid: 90s, 30m, 12h or 7d')
        .argParser(seconds)
        .default(12 * SECONDS.h, '12h'),
    )
    .action(async (options: TokenOptions) => {
      print(await signToken(options, warn));
    });
}

async function signToken({ role: roles, org, sub, party, ttl }: TokenOptions, warn: Warn): Promise<string> {
  const { directory, url } = settings();
  const folder = resolve(directory);
  const isNew = !LocalIssuer.isIn(directory);
  const caller = { handle: sub ?? `${roles.join('-')}-1`, organisation: org, roles, party: party ?? null };
  const token = await (await LocalIssuer.open(directory)).sign(caller, new Date(), ttl);
  const remedy = 'set BARADA_DIR to the folder of the running system';
  if (await isRefused(url, token)) warn(`The system at ${url} does not accept the key in ${folder}: ${remedy}.`);
  else if (isNew)
    warn(`There was no key in ${folder}, so one was created; a running system does not have it: ${remedy}.`);
  return token;
}

/** True where a system answers at `url` and does not accept the token. */
async function isRefused(url: string, token: string): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const { status } = await fetch(new URL('/v1/regions?limit=1', url), { headers, signal });
    return status === UNAUTHORIZED;
  } catch {
    return false;
  }
}

function alsoRole(word: string, before: readonly Role[] | undefined): readonly Role[] {
  const role = ROLES.find((known) => known === word);
  if (role === undefined) throw new InvalidArgumentError(`Allowed choices are ${ROLES.join(', ')}.`);
  return [...(before ?? []), role];
}

function seconds(text: string): number {
  const { count, unit } = TTL.exec(text)?.groups ?? {};
  const found = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (found > 0 && found <= TTL_MAX_S) return found;
  throw new InvalidArgumentError('It must be a number and a unit, such as 90s, 30m, 12h or 7d, up to 366d.');
}
