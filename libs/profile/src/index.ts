// The Astana profile: what a log of the running example begins with.
export * from './astana-profile.js';
export * from './load-profile.js';
