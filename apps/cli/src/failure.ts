// What a command cannot do, as sentences for the person who asked. Printed on standard error; the exit code is 1.
export class Failure extends Error {
  override readonly name = 'Failure';
}
