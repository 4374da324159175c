// Sends the steps of a scenario one after the other, as their users would, and remembers the ids that come back.
import type { Player, Step } from './scenario.js';

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** Sends a JSON body with a token for the player; resolves with whatever status comes back. */
export type Send = (as: Player, path: string, body: unknown) => Promise<Answer>;

export type Played = { readonly step: Step; readonly answer: Answer };

/** Yields each step once it was taken in. Throws at the first that was refused, with the problem in words. */
export async function* play(steps: readonly Step[], send: Send): AsyncGenerator<Played> {
  const incidents = new Map<string, string>();
  const filledIn = (text: string): string =>
    text.replace(/\{incident:([^}]+)\}/g, (_, key: string) => incidents.get(key) ?? `unknown-${key}`);
  for (const step of steps) {
    const body = JSON.parse(filledIn(JSON.stringify(step.body))) as unknown;
    const answer = await send(step.as, filledIn(step.path), body);
    if (answer.status >= 300) throw new Error(`${step.title}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    if (step.key !== undefined) incidents.set(step.key, String(answer.body['incident']));
    yield { step, answer };
  }
}
