// Reads secrets from files, as Docker and Kubernetes provide them: X_FILE names the file that holds X.
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

/** The environment with the contents of those files, and one message per file that cannot be used. */
export function secretsFromFiles(env: Environment): {
  readonly values: Environment;
  readonly mistakes: readonly string[];
} {
  const values = { ...env };
  const mistakes: string[] = [];
  for (const name of SECRETS) {
    const path = env[fileVariable(name)];
    if (path === undefined) continue;
    if (env[name] !== undefined) mistakes.push(`${name} and ${fileVariable(name)} are both set: unset one of them.`);
    else
      try {
        values[name] = readFileSync(path, 'utf8').trim();
      } catch (error) {
        mistakes.push(`${fileVariable(name)} names a file that cannot be read (${codeOf(error) ?? 'unknown'}).`);
      }
  }
  return { values, mistakes };
}
