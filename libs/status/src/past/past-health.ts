// What the health routes tell of the past: while it is worked out for the first time, status waits for it.
import { HealthSource, type Finding } from '#platform';
import type { PastCourses } from './past-courses.js';

export class PastHealth extends HealthSource {
  readonly name = 'past';

  constructor(private readonly courses: PastCourses) {
    super();
  }

  look(): Promise<Finding> {
    const { underway } = this.courses;
    const notReady = underway && `the past is being worked out: ${underway.done} of ${underway.all} chapters`;
    return Promise.resolve({ notReady, details: { underway } });
  }
}
