// The error that becomes an RFC 9457 problem details response.

export type FieldError = { readonly pointer: string; readonly code: string; readonly detail: string };

export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    /** Stable, kebab-case, for programs. */
    readonly code: string,
    /** For people: what is wrong and how to fix it. Never a stack, a query or a secret. */
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }
}
