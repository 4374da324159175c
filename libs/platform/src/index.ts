export * from './auth/caller.js';
export * from './clock.js';
export * from './http/cursor.js';
export * from './http/problem.js';
export * from './pseudonyms.js';
