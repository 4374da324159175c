// Names that a command uses: asked of what is known already, and only before saying no of the log itself.
import { UnknownName } from '#domain';
import type { Register, Registry } from './registry.js';

/** What `ask` answers; when it throws UnknownName it is asked once more, of the register as of the log's head now. */
export async function withRegister<Answer>(registry: Registry, ask: (register: Register) => Answer): Promise<Answer> {
  try {
    return ask(registry.current);
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    return ask(await registry.refresh());
  }
}

/** Throws where nobody has registered the actor. */
export function mustBeActor(code: string, pointer: string, { actors }: Register): void {
  if (actors.has(code)) return;
  throw new UnknownName(pointer, `no actor has the code ${code}: check its spelling, or have the operator register it`);
}

/** Throws where nobody has defined the region. */
export function mustBeRegion(code: string, pointer: string, { regions }: Register): void {
  if (regions.get(code)) return;
  throw new UnknownName(pointer, `no region has the code ${code}: GET /v1/regions lists those that are known`);
}
