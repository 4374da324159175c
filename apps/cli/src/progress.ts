// How far a long command has come: one line that changes on a terminal, a line now and then elsewhere.

export type Output = { readonly isTTY: boolean; readonly write: (text: string) => unknown };

const WIPE = '\r\u001B[K';
const LINE_EVERY_MS = 2_000;

export class Progress {
  readonly #begun: number;
  #written = -Infinity;

  /** `now` in milliseconds, by any clock. */
  constructor(
    private readonly out: Output,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#begun = now();
  }

  /** The events done since the beginning, of those that are to be done by now: `goal` may move. */
  step(done: number, goal: number): void {
    const [at, isLast] = [this.now(), done >= goal];
    if (!isLast && at - this.#written < (this.out.isTTY ? 100 : LINE_EVERY_MS)) return;
    this.#written = at;
    const seconds = Math.max(0.001, (at - this.#begun) / 1_000);
    const rate = done / seconds;
    const left = isLast ? '' : `, ${Math.ceil((goal - done) / Math.max(1, rate))} s left`;
    const text = `${done}/${goal} events, ${Math.round(rate)} a second${left}`;
    this.out.write(this.out.isTTY ? `${WIPE}${text}` : `${text}\n`);
  }

  line(text: string): void {
    this.out.write(this.out.isTTY ? `${WIPE}${text}\n` : `${text}\n`);
  }
}

/** Steps of `what`, for work that tells how far it is. */
export function reporting(out: Output, what: string): (done: number, goal: number) => void {
  const progress = new Progress({ isTTY: out.isTTY, write: (text) => out.write(labelled(text, what)) });
  return (done, goal) => {
    progress.step(done, goal);
  };
}

export function say(out: Output, line: string): void {
  new Progress(out).line(line);
}

function labelled(text: string, what: string): string {
  return text.startsWith(WIPE) ? `${WIPE}${what}: ${text.slice(WIPE.length)}` : `${what}: ${text}`;
}
