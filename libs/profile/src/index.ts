// The Astana profile: the regions, actors, instrument, lenses and modalities of the running example.
export * from './astana-profile.js';
export * from './load-profile.js';
