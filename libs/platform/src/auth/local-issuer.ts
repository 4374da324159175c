// A token issuer without a server: a key pair in a file. Whoever can read the file can issue tokens.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readOrCreateFile } from '../secret/read-or-create-file.js';
import type { Caller } from './caller.js';

export const LOCAL_ISSUER = 'barada-local';
const ALGORITHM = 'EdDSA';
const FILE = 'issuer.jwk';

/** What is needed to verify the tokens of a local issuer. */
export type PublicIssuer = { readonly publicKey: () => Promise<CryptoKey | Uint8Array> };

/** From the public half of the key, as `publicText` wrote it. */
export function publicIssuer(text: string): PublicIssuer {
  return { publicKey: () => importJWK(withoutPrivatePart(JSON.parse(text) as JWK), ALGORITHM) };
}

export class LocalIssuer implements PublicIssuer {
  private constructor(
    private readonly jwk: JWK,
    readonly keyId: string,
  ) {}

  static isIn(directory: string): boolean {
    return existsSync(join(directory, FILE));
  }

  /** Creates the key if there is none. Processes that start concurrently get the same one. */
  static async open(directory: string): Promise<LocalIssuer> {
    const text = await readOrCreateFile(join(directory, FILE), newKey);
    const jwk = JSON.parse(text) as JWK;
    return new LocalIssuer(jwk, await calculateJwkThumbprint(jwk));
  }

  async sign(caller: Caller, now: Date, ttlSeconds: number): Promise<string> {
    const claims = {
      org: caller.organisation,
      roles: caller.roles,
      ...(caller.party === null ? {} : { party: caller.party }),
    };
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid: this.keyId, typ: 'JWT' })
      .setIssuer(LOCAL_ISSUER)
      .setSubject(caller.handle)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds)
      .sign(await importJWK(this.jwk, ALGORITHM));
  }

  async publicKey(): Promise<CryptoKey | Uint8Array> {
    return importJWK(withoutPrivatePart(this.jwk), ALGORITHM);
  }

  /** The public half, for processes that only verify. */
  publicText(): string {
    return `${JSON.stringify(withoutPrivatePart(this.jwk))}\n`;
  }
}

function withoutPrivatePart(jwk: JWK): JWK {
  const publicPart = { ...jwk };
  delete publicPart.d;
  return publicPart;
}

async function newKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return `${JSON.stringify({ ...(await exportJWK(privateKey)), alg: ALGORITHM, use: 'sig' })}\n`;
}
