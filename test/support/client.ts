// An API client with tokens from a local issuer. It works the same against every composition.
import { request } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { LocalIssuer } from '#platform';
import type { ApiResponse, TestUser } from './running-app.js';

const TOKEN_SECONDS = 3_600;

/** One line of a bulk response. */
export type LineAnswer = {
  readonly line: number;
  readonly id: string | null;
  readonly status: 'accepted' | 'duplicate' | 'refused' | 'malformed';
  readonly position?: number;
  readonly problem?: Readonly<Record<string, unknown>>;
};

export type StreamedAlert = { readonly id: string | undefined; readonly alert: Record<string, unknown> };

export class Client {
  readonly #tokens = new Map<string, Promise<string>>();

  private constructor(
    readonly url: string,
    private readonly issuer: LocalIssuer,
  ) {}

  /** `folder`: the folder with the issuer's key. */
  static async of(url: string, folder: string): Promise<Client> {
    return new Client(url, await LocalIssuer.open(folder));
  }

  token(user: TestUser): Promise<string> {
    const name = JSON.stringify(user);
    const token =
      this.#tokens.get(name) ?? this.issuer.sign({ organisation: '', party: null, ...user }, new Date(), TOKEN_SECONDS);
    this.#tokens.set(name, token);
    return token;
  }

  get(path: string, user: TestUser): Promise<ApiResponse> {
    return this.#request(path, user, {});
  }

  /** Throws if `signal` aborts before the response arrives. */
  post(path: string, body: object, user: TestUser, signal?: AbortSignal): Promise<ApiResponse> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.#request(path, user, signal === undefined ? init : { ...init, signal });
  }

  /** `post` with additional headers. */
  postWithHeaders(
    more: Readonly<Record<string, string>>,
    path: string,
    body: object,
    user: TestUser,
  ): Promise<ApiResponse> {
    const headers = { 'content-type': 'application/json', ...more };
    return this.#request(path, user, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Sends lines and yields their answers as a stream. Throws if the connection is reset. */
  async *bulk(lines: Iterable<string> | AsyncIterable<string>, user: TestUser): AsyncGenerator<LineAnswer, void> {
    const sending = request(`${this.url}/v1/reports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await this.token(user)}`, 'content-type': 'application/x-ndjson' },
    });
    const answered = new Promise<Readable>((resolve, reject) => {
      sending.once('response', resolve).on('error', reject);
    });
    // A failure of the request also fails the response, which is where the caller sees it.
    pipeline(Readable.from(lines), sending, () => undefined);
    yield* linesOf(await answered);
  }

  /** The alert stream until `signal` aborts. Resumes after `lastEventId` if given. */
  async *alerts(user: TestUser, signal: AbortSignal, lastEventId?: string): AsyncGenerator<StreamedAlert, void> {
    const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const headers = { authorization: `Bearer ${await this.token(user)}`, ...resume };
    const answer = await fetch(`${this.url}/v1/alerts/stream`, { headers, signal });
    if (answer.body === null || !answer.ok) throw new Error(`GET /v1/alerts/stream returned ${answer.status}`);
    const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id, data } of events) {
      if (data !== '') yield { id, alert: JSON.parse(data) as Record<string, unknown> };
    }
  }

  async #request(path: string, user: TestUser, init: RequestInit): Promise<ApiResponse> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${await this.token(user)}`);
    const answer = await fetch(`${this.url}${path}`, { ...init, headers });
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, etag: answer.headers.get('etag') ?? undefined, body };
  }
}

/** Complete lines only: a partial line at a connection reset is not an answer. */
async function* linesOf(answers: Readable): AsyncGenerator<LineAnswer, void> {
  let rest = '';
  for await (const chunk of answers.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as LineAnswer;
  }
}
