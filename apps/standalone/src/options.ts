// What may stand behind `npm start --`.
import { parseArgs } from 'node:util';

export type Options = { readonly noAuth: boolean };

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: { 'no-auth': { type: 'boolean', default: false } } });
  return { noAuth: values['no-auth'] };
}
