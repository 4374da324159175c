// Parses JSON from a client: UTF-8 only, and no member twice, so that what is stored is what was sent.
import { isUtf8 } from 'node:buffer';
import { pointer } from './malformed.js';
import { Problem } from './problem.js';

/** Throws Problem 400 with a message that does not quote the text. */
export function parseJson(bytes: Buffer): unknown {
  // Decoding would replace invalid bytes by U+FFFD and so destroy a narrative that was acknowledged.
  if (!isUtf8(bytes))
    throw new Problem(400, 'not-utf-8', 'The text is not valid UTF-8: convert it to UTF-8 and send it again.');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const value = parsed(text);
  refuseRepeatedMembers(text);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Only the location is taken from the engine's message: the rest quotes the text.
    const place = /\(line (\d+) column (\d+)\)/.exec(String(error));
    const where = place === null ? '' : ` at line ${place[1] ?? ''}, column ${place[2] ?? ''}`;
    throw new Problem(400, 'bad-json', `The text is not well-formed JSON${where}.`);
  }
}

/** An object or an array that the scan is inside of. */
type Container = {
  /** Null for an array. */
  readonly members: Set<string> | null;
  /** Of the current value: its member name, or its index. */
  step: string | number;
  expectsName: boolean;
};

/** RFC 8259 leaves it open which of two equal members counts; `JSON.parse` silently takes the last. Expects valid JSON. */
function refuseRepeatedMembers(text: string): void {
  const open: Container[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const inner = open.at(-1);
    if (char === '"') {
      const end = endOfString(text, at);
      if (inner?.expectsName === true) enter(JSON.parse(text.slice(at, end + 1)) as string, inner, open);
      at = end;
    } else if (char === ',' && inner !== undefined) next(inner);
    else if (char === '{') open.push({ members: new Set(), step: '', expectsName: true });
    else if (char === '[') open.push({ members: null, step: 0, expectsName: false });
    else if (char === '}' || char === ']') open.pop();
  }
}

function next(container: Container): void {
  if (container.members === null) container.step = Number(container.step) + 1;
  else container.expectsName = true;
}

function enter(name: string, object: Container, open: readonly Container[]): void {
  object.step = name;
  object.expectsName = false;
  const path = pointer(open.map(({ step }) => step));
  if (name === '__proto__') throw new Problem(400, 'bad-json', `${path}: is not allowed as a member name.`);
  if (object.members?.has(name) === true) {
    const detail = 'is given twice; give it once';
    throw new Problem(400, 'malformed', `${path}: ${detail}`, {
      errors: [{ pointer: path, code: 'repeated_member', detail }],
    });
  }
  object.members?.add(name);
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
