// Sends the steps of a scenario in order, as their users, and keeps the incident ids of the answers.
import type { Answer, User } from '../client.js';
import type { Step } from './scenario.js';

/** Posts a body; throws where the request is refused. */
export type Send = (as: User, path: string, body: unknown) => Promise<Answer>;

export type Played = { readonly step: Step; readonly position: number };

/** Yields each step once it was accepted; throws at the first refusal. */
export async function* play(steps: readonly Step[], send: Send): AsyncGenerator<Played> {
  const incidents = new Map<string, string>();
  const withIncidents = (text: string): string =>
    text.replace(/\{incident:([^}]+)\}/g, (_, key: string) => incidents.get(key) ?? `unknown-${key}`);
  for (const step of steps) {
    const sent = JSON.parse(withIncidents(JSON.stringify(step.body))) as unknown;
    const { body } = await send(step.as, withIncidents(step.path), sent);
    const { position, incident } = body as { readonly position: number; readonly incident?: string };
    if (step.key !== undefined && incident !== undefined) incidents.set(step.key, incident);
    yield { step, position };
  }
}
