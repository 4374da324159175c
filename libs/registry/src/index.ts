export * from './registry.js';
export * from './names.js';
