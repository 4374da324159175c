// Finds the running system, with an operator's token.
import { LocalIssuer, Settings } from '#platform';
import { Api } from '../api.js';

const TTL_SECONDS = 3600;

/** BARADA_TOKEN where it is set, as it has to be where an OIDC issuer makes the tokens; else one of the local issuer. */
export async function connectAsOperator(env: NodeJS.ProcessEnv = process.env): Promise<Api> {
  const settings = Settings.from(env);
  const token = env['BARADA_TOKEN'] ?? (await localToken(settings.directory));
  return new Api(settings.url, token);
}

async function localToken(directory: string): Promise<string> {
  const issuer = await LocalIssuer.open(directory);
  const caller = { handle: 'cli', organisation: '', roles: ['operator'], party: null } as const;
  return issuer.sign(caller, new Date(), TTL_SECONDS);
}
