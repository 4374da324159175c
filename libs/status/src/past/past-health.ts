// Health detail of the status history: while it is computed for the first time, status reads wait. That does not make a
// process unready, because all would be unready at once, and reports must be accepted.
import { HealthSource, type HealthResult } from '#platform';
import type { PastCourses } from './past-courses.js';

export class PastHealth extends HealthSource {
  readonly name = 'past';

  constructor(private readonly courses: PastCourses) {
    super();
  }

  check(): Promise<HealthResult> {
    return Promise.resolve({ notReady: null, details: { underway: this.courses.underway } });
  }
}
