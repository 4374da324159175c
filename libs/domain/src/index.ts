// The pure core: what may be asked, what may have happened, and what follows from it.
export * from './actor/actor-events.js';
export * from './decider.js';
export * from './episode/episode-events.js';
export * from './event.js';
export * from './incident/incident-events.js';
export * from './instrument/instrument-events.js';
export * from './lens/lens-events.js';
export * from './modalities/modalities-events.js';
export * from './organisation/organisation-events.js';
export * from './red-line/red-line-events.js';
export * from './region/region-events.js';
export * from './region/region-map.js';
export * from './report/report-events.js';
export * from './status/index.js';
export * from './status/status-events.js';
export * from './time.js';
export * from './vocabulary.js';
