// The registers, everything that requests name by a code: regions, actors, instruments, organisations, lenses, modalities.
export * from './as-of.js';
export * from './centres.js';
export * from './log-registry.js';
export * from './register-fold.js';
export * from './registry.module.js';
export * from './register.js';
export * from './registry.js';
export * from './lookups.js';
export { foldText, matches } from './search-text.js';
