// Child processes that answer one question at a time: whoever makes the load must not share our event loop.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export type Child<Question, Answer> = {
  /** Fails where the child ends before it has answered. */
  readonly request: (question: Question) => Promise<Answer>;
  readonly stop: () => Promise<void>;
};

/** `name`: a file beside this one that calls `answering`. */
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
      reject(new Error(`${name} ended before it answered (${signal ?? String(code)})`));
    };
    child.once('exit', onExit);
    child.once('message', (message: { answer?: Answer; failure?: string }) => {
      child.off('exit', onExit);
      if (message.failure === undefined) resolve(message.answer as Answer);
      else reject(new Error(`${name}: ${message.failure}`));
    });
  });
}

/** In the child: answers until its parent is gone. */
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
