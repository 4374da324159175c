// Decorators of routes: who may call them, and parameters for the caller and the trace context.
import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PUBLIC_EXTENSION, ROLES_EXTENSION } from '../openapi/complete-document.js';
import { traceContextOf } from '../http/request-trace-context.js';
import type { TraceContext } from '../logging/trace-context.js';
import type { Caller, Role } from './caller.js';

export const ROLES_KEY = Symbol('roles');
export const PUBLIC_KEY = Symbol('public');

/** Allows callers with one of these roles; on a class, for all its routes. Without it any valid token is enough. */
export function Roles(...roles: readonly Role[]): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(ROLES_KEY, roles), ApiExtension(ROLES_EXTENSION, roles));
}

/** Requires no token. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PUBLIC_KEY, true), ApiExtension(PUBLIC_EXTENSION, true));
}

export type AuthenticatedRequest = FastifyRequest & { caller?: Caller };

/** The Caller that the guard has authenticated. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
});

/** The trace context of the request, for CommandMeta. */
export const CurrentTraceContext = createParamDecorator((_: unknown, context: ExecutionContext): TraceContext => {
  return traceContextOf(context.switchToHttp().getRequest<FastifyRequest>());
});
