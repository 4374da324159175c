// Progress of a long command: one line that is redrawn on a terminal, a line every two seconds elsewhere.

export type Output = { readonly isTTY: boolean; readonly write: (text: string) => unknown };

const WIPE = '\r\u001B[K';
const LINE_EVERY_MS = 2_000;
const REDRAW_MS = 100;

type Step = { readonly done: number; readonly at: number };

export class Progress {
  #first: Step | null = null;
  #shownAt = -Infinity;

  /** `now` in milliseconds, from any monotonic clock. */
  constructor(
    private readonly out: Output,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** `goal` may move. The rate is the average since the first step. */
  step(done: number, goal: number): void {
    const at = this.now();
    this.#first ??= { done, at };
    if (done < goal && at - this.#shownAt < (this.out.isTTY ? REDRAW_MS : LINE_EVERY_MS)) return;
    this.#shownAt = at;
    const text = `${done}/${goal} events${paceOf(this.#first, { done, at }, goal)}`;
    this.out.write(this.out.isTTY ? `${WIPE}${text}` : `${text}\n`);
  }

  line(text: string): void {
    this.out.write(this.out.isTTY ? `${WIPE}${text}\n` : `${text}\n`);
  }
}

/** A progress callback whose lines start with `what`. */
export function progressReporter(out: Output, what: string): (done: number, goal: number) => void {
  const progress = new Progress({ isTTY: out.isTTY, write: (text) => out.write(labelled(text, what)) });
  return (done, goal) => {
    progress.step(done, goal);
  };
}

export function printLine(out: Output, line: string): void {
  new Progress(out).line(line);
}

function labelled(text: string, what: string): string {
  return text.startsWith(WIPE) ? `${WIPE}${what}: ${text.slice(WIPE.length)}` : `${what}: ${text}`;
}

function paceOf(first: Step, now: Step, goal: number): string {
  const rate = (1_000 * (now.done - first.done)) / (now.at - first.at);
  if (!(rate > 0 && rate < Infinity)) return '';
  const left = now.done < goal ? `, ${Math.ceil((goal - now.done) / rate)} s left` : '';
  return `, ${Math.round(rate)} a second${left}`;
}
