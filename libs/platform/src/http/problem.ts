// An answer that says no: RFC 9457 problem details.

export type FieldError = { readonly pointer: string; readonly code: string; readonly detail: string };

export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    /** A stable kebab-case code, for programs. */
    readonly code: string,
    /** What is wrong and the cure, for people. Never a stack, a query or a secret. */
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }
}
