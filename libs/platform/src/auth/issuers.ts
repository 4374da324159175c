// The trusted token issuers: the local key file, and OIDC issuers by their published keys (JWKS).
import { jwtVerify, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import type { Issuer } from '../settings/settings.js';
import { LOCAL_ISSUER, type PublicIssuer } from './local-issuer.js';
import { RemoteKeys } from './remote-keys.js';
import type { TrustedIssuer } from './jwt-verifier.js';

const ASYMMETRIC = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];
const CLOCK_TOLERANCE = '5s';
const FETCH_TIMEOUT_MS = 5_000;
const CLAIMS = ['sub', 'exp'];

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

export function localIssuer(issuer: PublicIssuer): TrustedIssuer {
  const key = issuer.publicKey();
  const options: JWTVerifyOptions = { issuer: LOCAL_ISSUER, algorithms: ['EdDSA'], requiredClaims: CLAIMS };
  return {
    name: LOCAL_ISSUER,
    verify: async (token) => (await jwtVerify(token, await key, options)).payload,
  };
}

/** Keys are fetched with the first token, and again when a token names an unknown one. `now`: milliseconds, for tests. */
export function oidcIssuer({ issuer, jwks }: Issuer, audience: string | null, now = Date.now): TrustedIssuer {
  const keys = new RemoteKeys({
    issuer,
    findUrl: () => (jwks === null ? discovered(issuer) : Promise.resolve(jwks)),
    now,
  });
  const options: JWTVerifyOptions = {
    issuer,
    algorithms: ASYMMETRIC,
    requiredClaims: CLAIMS,
    clockTolerance: CLOCK_TOLERANCE,
    ...(audience === null ? {} : { audience }),
  };
  return { name: issuer, verify: async (token) => (await jwtVerify(token, keys.find, options)).payload };
}

async function discovered(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const document = discovery.parse(await response.json());
  if (document.issuer !== issuer) throw new Error(`${url} names another issuer: ${document.issuer}`);
  return document.jwks_uri;
}
