// What a route says about who may call it, and how it learns who does.
import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PUBLIC_EXTENSION, ROLES_EXTENSION } from '../openapi/complete-document.js';
import { traceContextOf } from '../http/request-trace-context.js';
import type { TraceContext } from '../logging/trace-context.js';
import type { Caller, Role } from './caller.js';

export const ROLES_KEY = Symbol('roles');
export const PUBLIC_KEY = Symbol('public');

/** Whoever has one of these roles may call it; on a class, all its routes. Without it any valid token will do. */
export function Roles(...roles: readonly Role[]): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(ROLES_KEY, roles), ApiExtension(ROLES_EXTENSION, roles));
}

/** Needs no token. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(PUBLIC_KEY, true), ApiExtension(PUBLIC_EXTENSION, true));
}

export type AuthenticatedRequest = FastifyRequest & { caller?: Caller };

/** The Caller that the guard has found. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
});

/** What is to be found again of the request, for CommandMeta. */
export const CurrentTraceContext = createParamDecorator((_: unknown, context: ExecutionContext): TraceContext => {
  return traceContextOf(context.switchToHttp().getRequest<FastifyRequest>());
});
