// The feature of monitors: they submit, amend, withdraw and read reports.
export { IntakeModule } from './intake.module.js';
