// Looks up the names that a command uses: in the register of a moment ago, and in the newest one before a refusal.
import { UnknownName } from '#domain';
import type { Register, Registry } from './registry.js';
import { similarActors, similarRegions } from './similar-names.js';

/** The result of `use`. Where that throws UnknownName it is called once more, with the register at the log's head. */
export async function withRegister<Result>(registry: Registry, use: (register: Register) => Result): Promise<Result> {
  try {
    return use(registry.current);
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    return use(await registry.refresh());
  }
}

/** Throws UnknownName for a code that no registered actor has; its message names similar actors. */
export function mustBeActor(code: string, pointer: string, register: Register): void {
  if (register.actors.has(code)) return;
  throw new UnknownName(pointer, `no actor has the code ${code}: ${adviceOnActors(similarActors(code, register))}`);
}

/** Throws UnknownName for a code that no region has; its message names similar regions. */
export function mustBeRegion(code: string, pointer: string, register: Register): void {
  if (register.regions.get(code)) return;
  throw new UnknownName(pointer, `no region has the code ${code}: ${adviceOnRegions(similarRegions(code, register))}`);
}

function adviceOnActors(similar: readonly string[]): string {
  if (similar.length === 0) return 'GET /v1/actors?q= searches codes, names and aliases; operators register actors';
  return `did you mean ${either(similar)}? GET /v1/actors?q= searches codes, names and aliases`;
}

function adviceOnRegions(similar: readonly string[]): string {
  if (similar.length === 0) return 'GET /v1/regions?q= searches codes and names';
  return `did you mean ${either(similar)}? GET /v1/regions?q= searches codes and names`;
}

function either(codes: readonly string[]): string {
  return codes.join(' or ');
}
