// The status feature: the facts projection, the analytic reads, and the status watch that announces changes.
export { FACTS, FactsProjection } from './facts/facts.projection.js';
export { FactsModule, StatusModule, StatusReadsModule } from './status.module.js';
export { StatusWatchModule } from './watch/status-watch.module.js';
