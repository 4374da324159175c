// Speaks to the running system over HTTP.
import { setTimeout as pause } from 'node:timers/promises';
import { Failure, Refused } from './failure.js';

const ATTEMPTS_MAX = 5;
const PAUSE_MAX_SECONDS = 10;
const ABOUT_WHAT_WAS_SENT = [400, 404, 409, 413, 422];

type Problem = { readonly detail?: string };

export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask<Answer>('GET', path);
  }

  put<Answer>(path: string, body: object): Promise<Answer> {
    return this.#ask<Answer>('PUT', path, body);
  }

  /** What is asked again after a 503 must be safe to repeat, as everything here is. */
  async #ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#send(method, path, body);
      if (answer.ok) return (await answer.json()) as Answer;
      if (answer.status !== 503 || attempt === ATTEMPTS_MAX) throw await failure(answer);
      const seconds = Number(answer.headers.get('retry-after') ?? 1);
      await pause(Math.min(seconds, PAUSE_MAX_SECONDS) * 1000);
    }
  }

  async #send(method: string, path: string, body: object | undefined): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, accept: 'application/json' };
    try {
      return body === undefined
        ? await fetch(this.url + path, { method, headers })
        : await fetch(this.url + path, {
            method,
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
    } catch {
      throw new Failure(
        `Nothing answers at ${this.url}: start Barada with npm start, or set BARADA_URL to where it runs.`,
      );
    }
  }
}

async function failure(answer: Response): Promise<Failure> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const detail = problem.detail ?? `the answer was ${answer.status}`;
  if (ABOUT_WHAT_WAS_SENT.includes(answer.status)) return new Refused(detail);
  if (answer.status !== 401) return new Failure(detail);
  return new Failure(`${detail} BARADA_DIR must be the folder of the system at BARADA_URL, or BARADA_TOKEN a token.`);
}
