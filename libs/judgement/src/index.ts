// What people decide about incidents and what frames them.
export { JudgementModule } from './judgement.module.js';
