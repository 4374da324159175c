export * from './astana-profile.js';
export * from './load.js';
