// How far a long command is: one line that changes on a terminal, now and then a plain line elsewhere.

export type Output = { readonly isTTY: boolean; readonly write: (text: string) => unknown };

export type Report = (done: number, total: number) => void;

const TERMINAL_MS = 100;
const PLAIN_MS = 10_000;
const WIPE = '\r\u001B[K';

/** `what` is being done to events; nothing is said of what is over before there was anything to say. */
export function reporting(out: Output, what: string, now: () => number = Date.now): Report {
  const begun = now();
  let next = begun + (out.isTTY ? 0 : PLAIN_MS);
  return (done, total) => {
    const isOver = done >= total;
    if (now() < next && !(isOver && out.isTTY)) return;
    next = now() + (out.isTTY ? TERMINAL_MS : PLAIN_MS);
    const line = `${what}: ${done} of ${total} events${pace(done, total, now() - begun)}`;
    out.write(out.isTTY ? `${WIPE}${isOver ? '' : line}` : `${line}\n`);
  };
}

function pace(done: number, total: number, elapsedMs: number): string {
  if (done === 0 || done >= total || elapsedMs === 0) return '';
  const perSecond = (done / elapsedMs) * 1_000;
  return `, ${Math.round(perSecond)} a second, ${Math.ceil((total - done) / perSecond)} s left`;
}

export function say(out: Output, line: string): void {
  out.write(`${out.isTTY ? WIPE : ''}${line}\n`);
}
