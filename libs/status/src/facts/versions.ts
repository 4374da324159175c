// Turns a batch of events into row versions: which ones end and which begin. Pure.
import type { Position } from '#event-log';

/** The state of one key before the batch, and after each position that changed it. */
export type History<Doc> = {
  readonly key: string;
  readonly before: Doc | null;
  readonly steps: readonly { readonly at: Position; readonly doc: Doc | null }[];
};

/** `until` null: the current version. */
export type Version<Doc> = {
  readonly key: string;
  readonly from: Position;
  readonly until: Position | null;
  readonly doc: Doc;
};

export type Changes<Doc> = {
  /** The position at which the version from before the batch ends. */
  readonly ended: readonly { readonly key: string; readonly at: Position }[];
  readonly begun: readonly Version<Doc>[];
};

export type Change<Event> = { readonly key: string; readonly at: Position; readonly event: Event };

/** Folds the events of each key separately. A fold that returns the same object makes no version. */
export function histories<Doc, Event>(
  current: ReadonlyMap<string, Doc>,
  changes: readonly Change<Event>[],
  fold: (state: Doc | null, event: Event) => Doc | null,
): readonly History<Doc>[] {
  const found = new Map<string, { before: Doc | null; now: Doc | null; steps: { at: Position; doc: Doc | null }[] }>();
  for (const { key, at, event } of changes) {
    let history = found.get(key);
    if (!history) {
      const before = current.get(key) ?? null;
      history = { before, now: before, steps: [] };
      found.set(key, history);
    }
    const doc = fold(history.now, event);
    if (doc === history.now) continue;
    history.now = doc;
    history.steps.push({ at, doc });
  }
  return [...found].map(([key, { before, steps }]) => ({ key, before, steps }));
}

export function rowChanges<Doc>(all: readonly History<Doc>[]): Changes<Doc> {
  return {
    ended: all.flatMap(({ key, before, steps: [first] }) => (before !== null && first ? [{ key, at: first.at }] : [])),
    begun: all.flatMap(({ key, steps }) =>
      steps.flatMap(({ at, doc }, index) =>
        doc === null ? [] : [{ key, from: at, until: steps[index + 1]?.at ?? null, doc }],
      ),
    ),
  };
}
