// Secrets may lie in files, as Docker and Kubernetes hand them out: X_FILE then names the file that X is read from.
import { readFileSync } from 'node:fs';
import { codeOf } from '../error-code.js';

export const SECRETS = [
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'BARADA_SECRET',
  'BARADA_ISSUER_KEY',
  'KAFKA_SASL_PASSWORD',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

export function fileVariable(name: string): string {
  return `${name}_FILE`;
}

/** The environment with what the files say, and a sentence for each file that says nothing. */
export function secretsFromFiles(env: Environment): {
  readonly values: Environment;
  readonly mistakes: readonly string[];
} {
  const values = { ...env };
  const mistakes: string[] = [];
  for (const name of SECRETS) {
    const path = env[fileVariable(name)];
    if (path === undefined) continue;
    if (env[name] !== undefined)
      mistakes.push(`${name} and ${fileVariable(name)} are both set: leave one of them out.`);
    else
      try {
        values[name] = readFileSync(path, 'utf8').trim();
      } catch (error) {
        mistakes.push(`${fileVariable(name)} names a file that cannot be read (${codeOf(error) ?? 'unknown'}).`);
      }
  }
  return { values, mistakes };
}
