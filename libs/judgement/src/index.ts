// What verifiers and officers decide about incidents, episodes and red lines; operators' organisations and actors.
export { JudgementModule } from './judgement.module.js';
