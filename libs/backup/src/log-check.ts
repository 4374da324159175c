// Checks the promises of the log from the first event on: gapless, monotone, complete.
import type { Position } from '#event-log';
import type { EventRow, FieldRow, Serialized, LogSlice } from './lines.js';
import { digestAfter, EMPTY_DIGEST } from './running-digest.js';

export type LogDigests = { readonly events: string; readonly confidential: string };

export type LogHead = { readonly position: Position; readonly recordedAt: string | null };

// More would not help: one cause usually produces many faults.
const FAULTS_MAX = 50;

export class LogCheck {
  readonly #faults: string[] = [];
  #last: LogHead = { position: 0, recordedAt: null };
  #commandEnd: Position = 0;
  #lastField: FieldRow = { position: 0, field: '', value: '' };
  #events = 0;
  #fields = 0;
  #digests: LogDigests = { events: EMPTY_DIGEST, confidential: EMPTY_DIGEST };
  /** False once a part could not be read: then versions and digests can no longer be checked. */
  #isComplete = true;
  // About a hundred bytes per stream: a few hundred megabytes for a log of ten million events.
  readonly #versions = new Map<string, number>();

  /** Sentences, in the order of detection. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  get counts(): { readonly events: number; readonly confidential: number } {
    return { events: this.#events, confidential: this.#fields };
  }

  get digests(): LogDigests {
    return this.#digests;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  take({ events, fields }: LogSlice): void {
    for (const event of events) this.#event(event);
    for (const field of fields) this.#field(field);
  }

  /** The positions up to `position` could not be read: records the fault and continues after them. */
  skipTo(position: Position, fault: string): void {
    this.fault(fault);
    this.#isComplete = false;
    this.#last = { ...this.#last, position };
    this.#commandEnd = position;
  }

  /** Ends the check; `head` is the head that the log or the manifest states. */
  end(head: LogHead): void {
    const { position, recordedAt } = this.#last;
    if (position !== head.position) this.fault(`the log ends at position ${position}, its head says ${head.position}`);
    else if (this.#isComplete && recordedAt !== head.recordedAt)
      this.fault(`the last event was recorded at ${String(recordedAt)}, the head says ${String(head.recordedAt)}`);
    if (this.#commandEnd > position)
      this.fault(
        `the last command ends at position ${this.#commandEnd}, the log at ${position}: the rest of it is missing`,
      );
    if (this.#lastField.position > head.position)
      this.fault(`there are confidential fields at position ${this.#lastField.position}, after the end of the log`);
  }

  fault(sentence: string): void {
    if (this.#faults.length < FAULTS_MAX) this.#faults.push(sentence);
  }

  #event({ row, line }: Serialized<EventRow>): void {
    this.#order(row);
    this.#version(row);
    this.#command(row);
    this.#events += 1;
    this.#digests = { ...this.#digests, events: digestAfter(this.#digests.events, line) };
  }

  #order({ position, recordedAt }: EventRow): void {
    const last = this.#last;
    if (position > last.position + 1)
      this.fault(`a gap: position ${position} follows ${last.position}, so ${last.position + 1} is missing`);
    if (position <= last.position) this.fault(`wrong order: position ${position} comes after ${last.position}`);
    if (last.recordedAt !== null && recordedAt < last.recordedAt)
      this.fault(`time runs backwards: position ${position} was recorded at ${recordedAt}, after ${last.recordedAt}`);
    this.#last = { position: Math.max(position, last.position), recordedAt };
  }

  #version({ position, stream, version }: EventRow): void {
    const due = (this.#versions.get(stream) ?? 0) + 1;
    this.#versions.set(stream, version);
    if (this.#isComplete && version !== due)
      this.fault(`position ${position} is version ${version} of ${stream}, where version ${due} was expected`);
  }

  #command({ position, commandEnd }: EventRow): void {
    const due = position <= this.#commandEnd ? this.#commandEnd : Math.max(commandEnd, position);
    if (commandEnd !== due)
      this.fault(`position ${position} says that its command ends at ${commandEnd}, not at ${due}`);
    this.#commandEnd = due;
  }

  #field({ row, line }: Serialized<FieldRow>): void {
    const last = this.#lastField;
    const isLater = row.position > last.position || (row.position === last.position && row.field > last.field);
    if (!isLater) this.fault(`wrong order: the confidential ${row.field} of position ${row.position} comes too late`);
    this.#lastField = row;
    this.#fields += 1;
    this.#digests = { ...this.#digests, confidential: digestAfter(this.#digests.confidential, line) };
  }
}
