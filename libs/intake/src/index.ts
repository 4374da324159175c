// Reports in: the monitors' feature.
export { IntakeModule } from './intake.module.js';
