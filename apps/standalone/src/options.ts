// The options of `npm start -- [options]`.
import { parseArgs } from 'node:util';
import { CannotStart } from '#platform';

export type Options = { readonly noAuth: boolean };

export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'no-auth': { type: 'boolean', default: false } } });
    return { noAuth: values['no-auth'] };
  } catch {
    throw new CannotStart('The only option is --no-auth: all other settings are environment variables.');
  }
}
