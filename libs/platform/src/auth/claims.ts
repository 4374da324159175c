// Maps the claims of a token to a Caller.
import { GUARANTORS, type Guarantor } from '#domain';
import type { JWTPayload } from 'jose';
import { ROLES, type Caller, type Role } from './caller.js';

/** Unknown roles are ignored: an issuer serves other applications too. Null if `sub` is missing. */
export function callerOf(claims: JWTPayload): Caller | null {
  const { sub, org, party, roles } = claims as Readonly<Record<string, unknown>>;
  if (typeof sub !== 'string' || sub === '') return null;
  return {
    handle: sub,
    organisation: typeof org === 'string' ? org : '',
    roles: Array.isArray(roles) ? roles.filter(isRole) : [],
    party: isGuarantor(party) ? party : null,
  };
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

function isGuarantor(value: unknown): value is Guarantor {
  return GUARANTORS.some((guarantor) => guarantor === value);
}
