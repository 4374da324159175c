// HTTP client of the running system at BARADA_URL. It acts as any user, with tokens signed with the key in BARADA_DIR.
import type { Guarantor } from '#domain';
import { LocalIssuer, type Role, type Settings } from '#platform';
import { Failure } from './failure.js';

export type User = {
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly org?: string;
  readonly party?: Guarantor;
};

export type Answer = { readonly status: number; readonly body: unknown };

type Sending = { readonly method?: string; readonly body?: unknown; readonly ifMatch?: string };

const TTL_S = 3_600;
// Renewed before it can expire in transit.
const RENEW_MS = (TTL_S - 60) * 1_000;

/**
 * ```ts
 * const client = await Client.open(settings());
 * const { incident } = (await client.send({ sub: 'monitor-1', roles: ['monitor'] }, '/v1/reports', { body: report })).body;
 * ```
 */
export class Client {
  readonly #tokens = new Map<string, { readonly token: string; readonly until: number }>();

  private constructor(
    readonly url: string,
    private readonly issuer: LocalIssuer,
  ) {}

  /** Throws Failure where there is no key, or nothing answers. */
  static async open({ url, directory }: Settings): Promise<Client> {
    if (!LocalIssuer.isIn(directory))
      throw new Failure(`There is no key in ${directory}: start Barada (npm start), or set BARADA_DIR to its folder.`);
    const client = new Client(url, await LocalIssuer.open(directory));
    await client.#fetched('/health/live', {});
    return client;
  }

  /** POST with a body, GET without one. Throws Failure with the problem's detail for any status but 2xx. */
  async send(user: User, path: string, sending: Sending = {}): Promise<Answer> {
    const answer = await this.try(user, path, sending);
    if (answer.status < 300) return answer;
    const { detail } = answer.body as { readonly detail?: string };
    throw new Failure(`${path} answered ${answer.status}: ${detail ?? ''}`);
  }

  /** As `send`, but returns the answer whatever its status is. */
  async try(user: User, path: string, { method, body, ifMatch }: Sending = {}): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${await this.tokenOf(user)}`,
      'content-type': 'application/json',
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    };
    const response = await this.#fetched(path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** A token for requests that `send` cannot make, such as streams. */
  async tokenOf(user: User): Promise<string> {
    const name = JSON.stringify(user);
    const kept = this.#tokens.get(name);
    if (kept !== undefined && kept.until > Date.now()) return kept.token;
    const { sub, roles, org, party } = user;
    const caller = { handle: sub, organisation: org ?? '', roles, party: party ?? null };
    const token = await this.issuer.sign(caller, new Date(), TTL_S);
    this.#tokens.set(name, { token, until: Date.now() + RENEW_MS });
    return token;
  }

  async #fetched(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.url), init);
    } catch {
      throw new Failure(
        `Nothing answers at ${this.url}: start Barada (npm start), or set BARADA_URL to where it runs.`,
      );
    }
  }
}
