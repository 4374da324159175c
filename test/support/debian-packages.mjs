// Installs the programs of others that check ours (HAProxy, kcat, promtool) where a run must not skip their tests.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Program → Debian package. Where one is missing, the tests that need it are skipped and say so. */
const PACKAGES = { haproxy: 'haproxy', kcat: 'kcat', promtool: 'prometheus' };

/**
 * Does nothing unless REQUIRE_KAFKA=1 asks for a complete run, as CI does. Installs as root only, and only where no
 * systemd runs (a container), because some of these packages start a service elsewhere.
 */
export function installMissingPackages() {
  if (process.env.REQUIRE_KAFKA !== '1') return;
  const missing = Object.entries(PACKAGES).filter(([program]) => !isInstalled(program));
  const mayInstall = process.getuid?.() === 0 && !existsSync('/run/systemd/system') && isInstalled('apt-get');
  if (missing.length === 0 || !mayInstall) return;
  const packages = missing.map(([, name]) => name);
  process.stderr.write(`Installing ${packages.join(', ')} for the tests\n`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

function isInstalled(program) {
  return spawnSync('which', [program]).status === 0;
}

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 300_000 });
  if (status !== 0) process.stderr.write(`${command} ${args.join(' ')} failed: ${stderr}\n`);
}
