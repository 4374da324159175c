// What the health routes tell of the past: while it is worked out for the first time, who asks for status waits. That
// makes no process unready, for the others would be so at the same time, and reports must be taken in.
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
