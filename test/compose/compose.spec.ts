// Checks docker-compose.yml and the Dockerfile without starting anything.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '#database';
import { settingNames, Settings } from '#platform';
import { buildOnce } from '../support/process.js';

type Service = {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
};

type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};

const JOBS = ['keys', 'migrate', 'topics', 'barada'];
const SERVERS = ['postgres', 'kafka'];

function text(name: string): string {
  return readFileSync(join(packageRoot(), name), 'utf8');
}

const { services, volumes } = parse(text('docker-compose.yml'), { merge: true }) as Compose;
const all = Object.entries(services).map(([name, service]) => ({ name, ...service }));
const ours = all.filter(({ image }) => image === 'barada');
const processes = ours.filter(({ name }) => !JOBS.includes(name));

describe('docker-compose.yml', () => {
  it('has a service for every app, and the servers that they need', () => {
    const apps = readdirSync(join(packageRoot(), 'apps')).filter(
      // `compose` has the files of the installation, not a process.
      (app) => !['standalone', 'cli', 'compose'].includes(app),
    );
    expect(processes.map(({ name }) => name).sort()).toEqual(apps.sort());
    expect(services).toMatchObject({ postgres: { image: 'postgres:18' }, kafka: { image: 'apache/kafka:4.3.1' } });
  });

  it.each(all.filter(({ name }) => !JOBS.includes(name)))(
    'has a health check for $name, and restarts it',
    (service) => {
      expect(service.healthcheck?.test).toEqual(expect.arrayContaining(['CMD']));
      expect(service.restart).toBe('unless-stopped');
    },
  );

  it.each(processes)('gives $name more time to stop than it needs', ({ stop_grace_period: grace }) => {
    expect(Number.parseInt(grace ?? '0', 10)).toBeGreaterThan(
      10 + Number(services['api']?.environment?.['DRAIN_SECONDS']),
    );
  });

  it.each(ours)('lets $name write to its volumes only, without capabilities', (service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it.each(ours)('sets only known settings for $name', ({ environment = {} }) => {
    expect(Object.keys(environment).filter((variable) => !settingNames().includes(variable))).toEqual([]);
    const given = Object.entries(environment).filter(([variable]) => !variable.endsWith('_FILE'));
    expect(() =>
      Settings.from(Object.fromEntries(given.map(([name, value]) => [name, fallback(value)]))),
    ).not.toThrow();
  });

  it.each(all)(
    'lets $name depend only on services that exist and have a state to wait for',
    ({ depends_on: before = {} }) => {
      for (const [name, { condition }] of Object.entries(before)) {
        const isJob = JOBS.includes(name);
        expect([name, services[name] !== undefined]).toEqual([name, true]);
        expect(condition).toBe(isJob ? 'service_completed_successfully' : 'service_healthy');
      }
    },
  );

  it('builds one image once, and runs it in all services', () => {
    const builders = ours.filter(({ build }) => build !== undefined);
    expect(builders.map(({ name, build }) => [name, build])).toEqual([['keys', '.']]);
    // Nobody else tries to pull an image that is only built here.
    const others = ours.filter(({ build }) => build === undefined);
    expect(new Set(others.map(({ pull_policy: policy }) => policy))).toEqual(new Set(['never']));
  });

  it('accepts reports without Kafka', () => {
    expect(waitsFor('api')).not.toContain('kafka');
    expect(Object.keys(services['api']?.environment ?? {}).filter((name) => name.startsWith('KAFKA'))).toEqual([]);
  });

  it('keeps all data in volumes', () => {
    const mounted = all.flatMap(({ volumes: mounts = [] }) => mounts).filter((mount) => !mount.startsWith('./'));
    expect(new Set(mounted.map((mount) => mount.split(':')[0]))).toEqual(new Set(Object.keys(volumes)));
    for (const server of SERVERS)
      expect(services[server]?.volumes).toContainEqual(expect.stringMatching(`^${server}:`));
  });

  it('contains no secret: they are created at the first start, and only the api gets the secret of the pseudonyms', () => {
    const values = all.flatMap(({ environment = {} }) => Object.entries(environment));
    const secrets = values.filter(([variable]) => /SECRET|PASSWORD|KEY/.test(variable) && !variable.startsWith('GF_'));
    expect(secrets.filter(([variable]) => !variable.endsWith('_FILE'))).toEqual([]);
    const holders = all.filter(({ volumes: mounts = [] }) => mounts.some((mount) => mount.startsWith('keys:')));
    expect(holders.map(({ name }) => name)).toEqual(['keys', 'api', 'barada']);
    const signers = all.filter(({ volumes: mounts = [] }) => mounts.some((mount) => mount.startsWith('issuer:')));
    expect(signers.map(({ name }) => name)).toEqual(['keys', 'barada']);
  });

  it("gives each process the password of its own database user only, and jobs the owner's", () => {
    const passwords = ours.map(({ name, environment, volumes: mounts = [] }) => {
      const user = new URL(environment?.['DATABASE_URL'] ?? 'postgres://none@x').username;
      return [
        name,
        user,
        mounts.map((mount) => mount.split(':')[0]).filter((volume = '') => /^user-|^database-/.test(volume)),
      ];
    });
    expect(passwords).toEqual([
      ['keys', 'none', ['database-key']],
      ['migrate', 'barada', ['database-key', 'user-api', 'user-relay', 'user-projector', 'user-alerter']],
      ['topics', 'barada', ['database-key']],
      ...['api', 'relay', 'projector', 'alerter'].map((name) => [name, `barada_${name}`, [`user-${name}`]]),
      ['barada', 'barada', ['database-key']],
    ]);
  });

  it('publishes one port for callers, and none of a service that can be scaled', () => {
    const published = all.filter(({ ports, profiles }) => ports !== undefined && profiles === undefined);
    expect(published.map(({ name }) => name)).toEqual(['gateway', 'kafka']);
  });

  it('mounts only files that exist', () => {
    const files = all.flatMap(({ volumes: mounts = [] }) => mounts).filter((mount) => mount.startsWith('./'));
    for (const file of files)
      expect([file, existsSync(join(packageRoot(), file.split(':')[0] ?? ''))]).toEqual([file, true]);
  });
});

describe('the image', () => {
  const dockerfile = text('Dockerfile');

  it('is built from the lock file and runs as an unprivileged user', () => {
    expect(dockerfile.match(/npm (ci|install|i)\b/g)).toEqual(['npm ci', 'npm ci']);
    const last = dockerfile.split(/^FROM /m).at(-1) ?? '';
    expect(last).toMatch(/^node:24-bookworm-slim\n/);
    expect(last).toMatch(/^USER node$/m);
  });
});

describe('the start commands', () => {
  beforeAll(buildOnce, 200_000);

  it.each(ours)('of $name are in the build', ({ command = [], entrypoint = [] }) => {
    const [node, main] = [...entrypoint, ...command];
    expect(node).toBe('node');
    expect([main, existsSync(join(packageRoot(), main ?? ''))]).toEqual([main, true]);
  });

  it.each(ours)('of $name run, and name what is missing', ({ command = [], entrypoint = [] }) => {
    const [, ...words] = [...entrypoint, ...command];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: packageRoot(),
      env: { BARADA_DIR: '/dev/null/none' },
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m);
    expect(`${stdout}${stderr}`).toMatch(
      /must be set|is not set|There is no database|be written to|not a folder|Usage/,
    );
    expect(status).toBe(words.includes('--help') ? 0 : 1);
  });
});

/** Replaces `${NAME:-fallback}` by its fallback. */
function fallback(value: string): string {
  return value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
}

function waitsFor(name: string): readonly string[] {
  const before = Object.keys(services[name]?.depends_on ?? {});
  return [...before, ...before.flatMap(waitsFor)];
}

describe('the dashboard', () => {
  it('shows only metrics that some process exports', () => {
    const shown = text('docs/observability/grafana/dashboards/barada.json').match(/barada_\w+/g) ?? [];
    const sources = readdirSync(join(packageRoot(), 'libs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /src\/.*(?<!\.spec)\.ts$/.test(name))
      .map((name) => text(join('libs', name)))
      .join('\n');
    const names = new Set(shown.map((name) => name.replace(/_(bucket|count|sum)$/, '')));
    expect(names.size).toBeGreaterThan(10);
    expect([...names].filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
  });
});
