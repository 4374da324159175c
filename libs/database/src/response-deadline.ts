// Notices a connection whose peer is gone without a FIN or RST, such as after a network cut: no statement is answered.
import type { Statement } from './statement.js';

/**
 * PostgreSQL cancels a statement after its own timeout, so a connection on which no statement is answered for longer is
 * dead. Without this bound the operating system resends for about 15 minutes.
 */
export class ResponseDeadline {
  #inFlight = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly limitMs: number,
    private readonly onDead: () => void,
  ) {}

  track(statement: Statement): void {
    this.#inFlight += 1;
    if (this.#timer === null) this.#restart();
    const settled = (): void => {
      this.#inFlight -= 1;
      this.#restart();
    };
    statement.then(settled, settled);
  }

  #restart(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = this.#inFlight > 0 ? setTimeout(this.onDead, this.limitMs) : null;
  }
}
