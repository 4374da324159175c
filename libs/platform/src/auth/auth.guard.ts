// Authenticates every request by its bearer token and checks the role, unless the route is public.
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '../http/problem.js';
import type { Caller, Role } from './caller.js';
import { PUBLIC_KEY, ROLES_KEY, type AuthenticatedRequest } from './decorators.js';
import { TokenVerifier } from './token-verifier.js';

@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_KEY, route) === true) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.caller = await this.tokens.callerOf(bearer(request.headers.authorization));
    requireOneOf(this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES_KEY, route), request.caller);
    return true;
  }
}

function bearer(header: string | undefined): string | null {
  const match = /^Bearer +(\S+)$/i.exec(header ?? '');
  return match?.[1] ?? null;
}

function requireOneOf(roles: readonly Role[] | undefined, caller: Caller): void {
  if (roles?.some((role) => caller.roles.includes(role)) ?? true) return;
  const yours = caller.roles.length === 0 ? 'none' : caller.roles.join(', ');
  throw new Problem(
    403,
    'not-your-role',
    `This requires the role ${roles?.join(' or ') ?? ''}; your token has ${yours}.`,
  );
}
