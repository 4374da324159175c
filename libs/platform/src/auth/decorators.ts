// What a route says about who may call it, and how it learns who does.
import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, Role } from './caller.js';

export const ROLES_KEY = Symbol('roles');
export const PUBLIC_KEY = Symbol('public');

/** Whoever has one of these roles may call it; on a class, all its routes. Without it any valid token will do. */
export function Roles(...roles: readonly Role[]): MethodDecorator & ClassDecorator {
  return SetMetadata(ROLES_KEY, roles);
}

/** Needs no token. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(PUBLIC_KEY, true);
}

export type AuthenticatedRequest = FastifyRequest & { caller?: Caller };

/** The Caller that the guard has found. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
});

/** The request's id, for CommandMeta.correlation: the client's `x-request-id`, or a new one. */
export const Correlation = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<FastifyRequest>().id;
});
