// An expected error of a command. Its message is printed on standard error without a stack; the exit code is 1.
export class Failure extends Error {
  override readonly name = 'Failure';
}
