// What may stand behind `npm start --`.
import { parseArgs } from 'node:util';
import { CannotStart } from '#platform';

export type Options = { readonly noAuth: boolean };

export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'no-auth': { type: 'boolean', default: false } } });
    return { noAuth: values['no-auth'] };
  } catch {
    throw new CannotStart('Only --no-auth is known here: everything else is set by the environment.');
  }
}
