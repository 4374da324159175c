// Child processes that handle one request at a time, so that load generators do not share our event loop.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export type Child<Question, Answer> = {
  /** Rejects if the child exits before it answers. */
  readonly request: (question: Question) => Promise<Answer>;
  readonly stop: () => Promise<void>;
};

/** `name`: a file in this folder that calls `serve`. */
export function startChild<Question extends object, Answer>(
  name: string,
  nodeOptions: readonly string[] = [],
): Child<Question, Answer> {
  const child = fork(join(import.meta.dirname, `${name}.js`), { execArgv: [...nodeOptions] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    request: (question) => {
      child.send(question);
      return answerOf<Answer>(child, name);
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await ended;
    },
  };
}

function answerOf<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void => {
      reject(new Error(`${name} exited before it answered (${signal ?? String(code)})`));
    };
    child.once('exit', onExit);
    child.once('message', (message: { answer?: Answer; failure?: string }) => {
      child.off('exit', onExit);
      if (message.failure === undefined) resolve(message.answer as Answer);
      else reject(new Error(`${name}: ${message.failure}`));
    });
  });
}

/** In the child: handles requests until the parent exits. */
export function serve(answer: (question: never) => Promise<unknown>): void {
  process.on('message', (question) => {
    answer(question as never).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) =>
        process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => {
    process.exit(0);
  });
}
