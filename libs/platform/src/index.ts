// The platform that features are built on: authentication, HTTP, settings, process start and stop, health, metrics, logging.
export * from './auth/caller.js';
export * from './auth/command-meta.js';
export { CurrentCaller, CurrentTraceContext, Public, Roles } from './auth/decorators.js';
export * from './clock.js';
export * from './metrics/metric-sources.js';
export * from './followers.js';
export * from './foundations.js';
export * from './health/health.js';
export { Bulk, parseBulkLine, type BulkLine } from './http/bulk.js';
export { createApp, type AppOptions } from './http/app.js';
export { decodeCursor, encodeCursor } from './http/cursor.js';
export { validate } from './http/malformed.js';
export { nearest } from './nearest.js';
export * as members from './http/members.js';
export { formatQuery, List, listQuery, type Geometry, type ListOptions, type Page } from './http/list.js';
export * from './http/problem.js';
export { ACCEPTS_BULK } from './http/schema.pipe.js';
export {
  CurrentCommandRequest,
  etag,
  parseIfMatch,
  requireIfMatch,
  type CommandRequest,
} from './auth/command-request.js';
export * from './secret/pseudonyms.js';
export * from './settings/settings.js';
export { problemBody, problemOf } from './http/problem.filter.js';
export { TokenVerifier } from './auth/token-verifier.js';
export * from './platform.module.js';
export * from './process/index.js';
export { localIssuer, oidcIssuer } from './auth/issuers.js';
export { LocalIssuer, publicIssuer } from './auth/local-issuer.js';
export { NoAuthentication, JwtVerifier } from './auth/jwt-verifier.js';
export { readOrCreateFile } from './secret/read-or-create-file.js';
export { JsonLogger } from './logging/logging.js';
export { Metrics } from './metrics/metrics.js';
export {
  newTraceContext,
  childTraceparent,
  withTraceContext,
  traceIdOf,
  type TraceContext,
} from './logging/trace-context.js';
export { openApiOf } from './openapi/openapi.js';
export { requestsWithoutExample } from './openapi/complete-document.js';
export { findSecret, saveSecret, readOrCreateSecret } from './secret/secret.js';
