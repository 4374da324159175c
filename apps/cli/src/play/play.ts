// Sends the steps of a scenario one after the other, as their users would, and remembers the ids that come back.
import type { Answer, User } from '../client.js';
import type { Step } from './scenario.js';

/** Posts a body; throws where it is refused. */
export type Send = (as: User, path: string, body: unknown) => Promise<Answer>;

export type Played = { readonly step: Step; readonly position: number };

/** Yields each step once it was taken in; throws at the first that was refused. */
export async function* play(steps: readonly Step[], send: Send): AsyncGenerator<Played> {
  const incidents = new Map<string, string>();
  const filledIn = (text: string): string =>
    text.replace(/\{incident:([^}]+)\}/g, (_, key: string) => incidents.get(key) ?? `unknown-${key}`);
  for (const step of steps) {
    const sent = JSON.parse(filledIn(JSON.stringify(step.body))) as unknown;
    const { body } = await send(step.as, filledIn(step.path), sent);
    const { position, incident } = body as { readonly position: number; readonly incident?: string };
    if (step.key !== undefined && incident !== undefined) incidents.set(step.key, incident);
    yield { step, position };
  }
}
