import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createApp,
  CurrentCaller,
  LocalIssuer,
  localIssuer,
  oidcIssuer,
  PlatformModule,
  Public,
  Roles,
  Settings,
  JwtVerifier,
  type Caller,
} from '#platform';
import { bareFoundations } from '../../../../test/support/bare-foundations.js';

@Controller()
@Roles('analyst')
class DoorsController {
  @Get('me')
  me(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('verifiers')
  @Roles('verifier', 'officer')
  verifiers(): object {
    return {};
  }

  @Get('everybody')
  @Public()
  everybody(): object {
    return {};
  }
}

const ANALYST: Caller = { handle: 'ana', organisation: 'snhr', roles: ['analyst'], party: null };
const HOUR_S = 3_600;

/** An issuer as others run them: a discovery document, and keys. */
class Issuer {
  asked = 0;
  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
  ) {}

  static async open(): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] };
    const server = createServer((request, response) => {
      issuer.asked += 1;
      const isDiscovery = request.url === '/.well-known/openid-configuration';
      const body = isDiscovery ? { issuer: issuer.name, jwks_uri: `${issuer.name}/jwks` } : keys;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
    const issuer = new Issuer(server, privateKey);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get name(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  token(claims: Record<string, unknown>, audience = 'barada'): Promise<string> {
    return new SignJWT({ sub: 'eve', roles: ['verifier', 'gardener'], ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(this.name)
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(this.key);
  }

  close(): void {
    this.server.close();
  }
}

let folder: string;
let issuer: Issuer;
let local: LocalIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'barada-auth-'));
  issuer = await Issuer.open();
  local = await LocalIssuer.open(folder);
  const trusted = [
    localIssuer(local),
    oidcIssuer({ issuer: issuer.name, jwks: null }, 'barada'),
    oidcIssuer({ issuer: 'http://127.0.0.1:1', jwks: null }, null),
  ];
  const tokens = new JwtVerifier(trusted, 'Get one by asking.');
  @Module({ imports: [PlatformModule.with(bareFoundations({ tokens }))], controllers: [DoorsController] })
  class DoorsModule {}
  app = await createApp(DoorsModule, Settings.from({}));
  await app.init();
});
afterAll(async () => {
  await app.close();
  issuer.close();
  await rm(folder, { recursive: true });
});

async function ask(path: string, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.inject({ url: path, headers });
  return {
    status: answer.statusCode,
    challenge: answer.headers['www-authenticate'],
    ...answer.json<{ code?: string; detail?: string }>(),
  };
}

describe('a token of our own issuer', () => {
  it('identifies the caller', async () => {
    const token = await local.sign({ ...ANALYST, party: 'RU' }, new Date(), HOUR_S);
    expect(await ask('/me', token)).toMatchObject({ status: 200, ...ANALYST, party: 'RU' });
  });

  it('is valid for every process that opens the same folder, and only the owner can read the key', async () => {
    const again = await LocalIssuer.open(folder);
    expect((await ask('/me', await again.sign(ANALYST, new Date(), HOUR_S))).status).toBe(200);
    expect((await stat(join(folder, 'issuer.jwk'))).mode & 0o777).toBe(0o600);
  });

  it('is refused after it has expired', async () => {
    const token = await local.sign(ANALYST, new Date('2017-01-15T10:00:00Z'), HOUR_S);
    expect(await ask('/me', token)).toMatchObject({
      status: 401,
      code: 'token-expired',
      detail: 'The token expired at 2017-01-15T11:00:00.000Z. Get one by asking.',
      challenge: 'Bearer error="invalid_token"',
    });
  });

  it('is refused if another key has signed it', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'barada-auth-'));
    const token = await (await LocalIssuer.open(elsewhere)).sign(ANALYST, new Date(), HOUR_S);
    await rm(elsewhere, { recursive: true });
    expect(await ask('/me', token)).toMatchObject({ status: 401, code: 'bad-signature' });
  });
});

describe('a token of an OIDC issuer', () => {
  it('is accepted, with the roles that we know', async () => {
    expect((await ask('/verifiers', await issuer.token({}))).status).toBe(200);
    expect(await ask('/me', await issuer.token({ roles: ['analyst', 'gardener'], org: 'un', party: 'XX' }))).toEqual({
      status: 200,
      challenge: undefined,
      handle: 'eve',
      organisation: 'un',
      roles: ['analyst'],
      party: null,
    });
  });

  it('makes two requests to the issuer, whatever the number of tokens', async () => {
    await Promise.all([1, 2, 3].map(async (n) => ask('/me', await issuer.token({ sub: `eve-${n}` }))));
    expect(issuer.asked).toBe(2);
  });

  it('is refused if it is meant for another audience', async () => {
    expect(await ask('/me', await issuer.token({}, 'another'))).toMatchObject({ status: 401, code: 'bad-token' });
  });

  it('is answered with 503 while the issuer is unreachable', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ sub: 'eve' })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('http://127.0.0.1:1')
      .setExpirationTime('1h')
      .sign(privateKey);
    expect(await ask('/me', token)).toMatchObject({ status: 503, code: 'issuer-unreachable' });
  });
});

describe('a route', () => {
  it('requires a token, unless it is public', async () => {
    expect(await ask('/me')).toMatchObject({ status: 401, code: 'no-token', challenge: 'Bearer' });
    expect((await ask('/everybody')).status).toBe(200);
  });

  it.each([
    ['nothing of the kind', 'abc'],
    ['no signature', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJldmUiLCJpc3MiOiJiYXJhZGEtbG9jYWwifQ.'],
  ])('refuses a token that is %s', async (_, token) => {
    expect(await ask('/me', token)).toMatchObject({ status: 401, code: 'bad-token' });
  });

  it('refuses a token of an issuer that is not trusted', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ sub: 'eve' })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('me')
      .sign(privateKey);
    expect(await ask('/me', token)).toMatchObject({ status: 401, code: 'unknown-issuer' });
  });

  it('names the required roles', async () => {
    const token = await local.sign(ANALYST, new Date(), HOUR_S);
    expect(await ask('/verifiers', token)).toMatchObject({
      status: 403,
      code: 'not-your-role',
      detail: 'This requires the role verifier or officer; your token has analyst.',
    });
  });
});
