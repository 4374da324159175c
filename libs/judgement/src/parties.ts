// The codes that a judgement may name: actors, and guarantors.
import { GUARANTORS, UnknownName } from '#domain';
import { mustBeActor, type Register } from '#registry';

/** An actor, or a guarantor by its own code. */
export function mustBeParty(code: string, pointer: string, register: Register): void {
  if (isGuarantor(code) || register.actors.has(code)) return;
  throw new UnknownName(pointer, `no actor has the code ${code}, nor is it one of ${GUARANTORS.join(', ')}`);
}

export function mustBeActors(codes: readonly string[], pointer: string, register: Register): void {
  codes.forEach((code, index) => {
    mustBeActor(code, `${pointer}/${index}`, register);
  });
}

export function isGuarantor(code: string): boolean {
  return GUARANTORS.some((guarantor) => guarantor === code);
}
