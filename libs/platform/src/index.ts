// What features need of the platform: who calls, what time it is, how to answer, how to be run and watched.
export * from './auth/caller.js';
export { CurrentCaller, Correlation, Public, Roles } from './auth/decorators.js';
export * from './clock.js';
export * from './followers.js';
export * from './health/health.js';
export { Bulk, type Line } from './http/bulk.js';
export { createApp } from './http/app.js';
export * from './http/cursor.js';
export { check } from './http/malformed.js';
export { formatQuery, List, listQuery, type Geometry, type ListOptions, type Page } from './http/list.js';
export * from './http/problem.js';
export * from './pseudonyms.js';
export * from './settings.js';
export { problemBody, problemOf } from './http/problem.filter.js';
export { Tokens } from './auth/tokens.js';
export * from './platform.module.js';
