// Maps a stream concurrently with the results in the order of the inputs, in bounded memory.

type Slot<Out> = { readonly answer: Promise<Out>; isThere: boolean };
type Event<In> =
  | { readonly is: 'input'; readonly input: IteratorResult<In, unknown> }
  | { readonly is: 'failure'; readonly error: unknown }
  | { readonly is: 'answer' };

/**
 * At most `window` calls of `answer` run at a time, and the next input is read only while there is room: a slow reader
 * of the answers slows down the sender. Answers are yielded as soon as they are complete, without waiting for the next
 * input, so a sender may wait for them. What `answer` throws ends the stream; what the inputs throw is thrown after the
 * last answer.
 */
export async function* mapInOrder<In, Out>(
  inputs: AsyncIterable<In>,
  window: number,
  answer: (input: In) => Promise<Out>,
): AsyncGenerator<readonly Out[], void> {
  const iterator = inputs[Symbol.asyncIterator]();
  const slots: Slot<Out>[] = [];
  let next: Promise<Event<In>> | null = nextOf(iterator);
  const failures: unknown[] = [];
  try {
    while (next !== null || slots.length > 0) {
      const event: Event<In> = await firstOf(slots.length < window ? next : null, slots[0]);
      if (event.is === 'answer') {
        yield await settled(slots);
        continue;
      }
      next = null;
      if (event.is === 'failure') failures.push(event.error);
      else if (event.input.done !== true) {
        slots.push(toSlot(answer(event.input.value)));
        next = nextOf(iterator);
      }
    }
    for (const failure of failures) throw failure;
  } finally {
    // Not awaited: a sender that is silent must not delay the end.
    iterator.return?.().catch(ignore);
  }
}

function nextOf<In>(iterator: AsyncIterator<In, unknown>): Promise<Event<In>> {
  return iterator.next().then(
    (input) => ({ is: 'input', input }),
    (error: unknown) => ({ is: 'failure', error }),
  );
}

function toSlot<Out>(answer: Promise<Out>): Slot<Out> {
  const slot = { answer, isThere: false };
  const arrived = (): void => {
    slot.isThere = true;
  };
  answer.then(arrived, arrived);
  return slot;
}

function firstOf<In, Out>(next: Promise<Event<In>> | null, oldest: Slot<Out> | undefined): Promise<Event<In>> {
  const answered = oldest?.answer.then(() => ({ is: 'answer' }) as const);
  return Promise.race([next, answered].flatMap((promise) => promise ?? []));
}

async function settled<Out>(slots: Slot<Out>[]): Promise<readonly Out[]> {
  const answers: Out[] = [];
  for (let [oldest] = slots; oldest?.isThere === true; [oldest] = slots) {
    answers.push(await oldest.answer);
    slots.shift();
  }
  return answers;
}

function ignore(): void {
  return undefined;
}
