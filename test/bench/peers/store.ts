// What we and the peers are asked alike: two kinds of append, durable when they resolve.
export type NewEvent = { readonly type: string; readonly data: object; readonly meta: object };

export type Store = {
  readonly name: string;
  /** The stream has `version` events so far; fails where it has not. */
  readonly append: (stream: string, version: number, events: readonly NewEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** As many connections as the reference of one INSERT per append has. */
export const CONNECTIONS = 16;
