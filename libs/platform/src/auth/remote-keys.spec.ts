import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oidcIssuer } from './issuers.js';

const HOUR = 3_600_000;

let server: Server;
let published: JWK[];
let privateKeys: Map<string, CryptoKey>;
let cacheControl: string;
let status: number;
let requests: number;
let now: number;

async function publish(kid: string): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  published = [...published, { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }];
  privateKeys.set(kid, privateKey);
}

beforeEach(async () => {
  published = [];
  privateKeys = new Map();
  cacheControl = '';
  [status, requests, now] = [200, 0, Date.now()];
  await publish('k1');
  server = createServer((_, response) => {
    requests += 1;
    const headers = { 'content-type': 'application/json', 'cache-control': cacheControl };
    response.writeHead(status, headers).end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
});

function newIssuer() {
  const jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  return oidcIssuer({ issuer: 'https://id.example', jwks }, null, () => now);
}

async function token(kid: string, signedBy = kid): Promise<string> {
  return new SignJWT({ sub: 'eve' })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer('https://id.example')
    .setExpirationTime('48h')
    .sign(privateKeys.get(signedBy) ?? new Uint8Array());
}

describe('the keys of an OIDC issuer', () => {
  it('are looked up at once when a token names a new one, also right after the last fetch', async () => {
    const issuer = newIssuer();
    await issuer.verify(await token('k1'));
    await publish('k2');
    expect(await issuer.verify(await token('k2'))).toMatchObject({ sub: 'eve' });
    expect(requests).toBe(2);
  });

  it('are looked up once in 30 s per unknown id, and ten times in total', async () => {
    const issuer = newIssuer();
    await issuer.verify(await token('k1'));
    for (const id of ['x', 'x', 'x']) await expect(issuer.verify(await token(id, 'k1'))).rejects.toThrow();
    expect(requests).toBe(2);
    for (let id = 0; id < 50; id += 1) await expect(issuer.verify(await token(`y${id}`, 'k1'))).rejects.toThrow();
    expect(requests).toBe(11);
    now += 30_000;
    await publish('x');
    expect(await issuer.verify(await token('x'))).toMatchObject({ sub: 'eve' });
    expect(requests).toBe(12);
  });

  it.each([
    ['', 24],
    ['max-age=60', 24],
    ['public, max-age=172800', 48],
    ['max-age=3600, stale-if-error=172800', 49],
  ])('are used while the issuer is away, with Cache-Control "%s" for %i hours', async (header, hours) => {
    cacheControl = header;
    const issuer = newIssuer();
    const known = await token('k1');
    await issuer.verify(known);
    status = 503;
    now += hours * HOUR;
    expect(await issuer.verify(known)).toMatchObject({ sub: 'eve' });
    now += 1;
    await expect(issuer.verify(known)).rejects.toThrow('the key set is answered with 503');
  });

  it('are refreshed, so that a withdrawn key is no longer trusted', async () => {
    const issuer = newIssuer();
    const known = await token('k1');
    await issuer.verify(known);
    published = [];
    await publish('k2');
    now += HOUR;
    await issuer.verify(await token('k2')).catch(() => undefined);
    await expect(issuer.verify(known)).rejects.toThrow('no applicable key');
  });
});
