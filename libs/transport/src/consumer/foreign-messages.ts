// Keeps account of messages in the topic that are not of our log, and says what an operator can do about them.
import type { LogIdentity } from '#event-log';
import type { SentEvent } from '../wire/index.js';

export class ForeignMessages {
  #ofOtherLogs = 0;
  #ofLostStates = 0;

  constructor(private readonly topic: string) {}

  /** Messages of earlier generations are expected after a restore and expire with the topic's retention. */
  add(messages: readonly SentEvent[], ours: LogIdentity): void {
    for (const { log } of messages) {
      if (log !== null && log.log !== ours.log) this.#ofOtherLogs += 1;
      else if (log === null || log.generation === ours.generation) this.#ofLostStates += 1;
    }
  }

  /** For health and logs; null without a reason to act. */
  get warning(): string | null {
    if (this.#ofOtherLogs > 0) {
      return (
        `${this.topic} contains messages of another log (${this.#ofOtherLogs} so far), which are ignored. If another ` +
        'installation uses this topic, give each its own KAFKA_TOPIC; if they are left over, they expire'
      );
    }
    if (this.#ofLostStates > 0) {
      return (
        `${this.topic} contains events that this log does not have (${this.#ofLostStates} so far), which are ignored: the ` +
        'database is new, or was restored to an earlier state. Run `npx barada topics --new-generation`, so that all ' +
        'readers of the topic notice'
      );
    }
    return null;
  }
}
