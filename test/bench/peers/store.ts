// The interface of all compared stores: durable appends.
export type NewEvent = { readonly type: string; readonly data: object; readonly meta: object };

export type Store = {
  readonly name: string;
  /** Appends to a stream with `version` events, and fails if it has another number. Durable when it resolves. */
  readonly append: (stream: string, version: number, events: readonly NewEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Pool size of every store that has a pool. */
export const CONNECTIONS = 16;
