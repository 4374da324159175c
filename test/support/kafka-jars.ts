// Apache Kafka's jars, downloaded by Maven once per machine and kept in the user's cache folder.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export const KAFKA_VERSION = '4.3.1';
const SCALA_VERSION = '2.13';
// Later versions do not match the SLF4J API version that Kafka ships.
const SLF4J_VERSION = '1.7.36';
const MAVEN_TIMEOUT_MS = 300_000;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>barada</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_${SCALA_VERSION}</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>${SLF4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Null if a broker can run from jars; otherwise what is missing. */
export function whyNoJars(): string | null {
  if (!isOnPath('java')) return 'install Java 17 or newer';
  if (!existsSync(jarFolder()) && !isOnPath('mvn')) return 'install Maven';
  return null;
}

/** The class path. The first call on a machine takes about 15 s. */
export async function kafkaJars(): Promise<string> {
  const folder = jarFolder();
  if (!existsSync(folder)) await fetchJars(folder);
  const jars = (await readdir(folder)).filter((name) => name.endsWith('.jar'));
  return jars.map((name) => join(folder, name)).join(delimiter);
}

// Workers may get here concurrently: each downloads into its own folder, and the first to finish is kept.
async function fetchJars(folder: string): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  const attempt = await mkdtemp(`${folder}-unfinished-`);
  try {
    await writeFile(join(attempt, 'pom.xml'), POM);
    const args = ['-q', '-B', '-f', join(attempt, 'pom.xml'), 'dependency:copy-dependencies'];
    await promisify(execFile)('mvn', [...args, `-DoutputDirectory=${join(attempt, 'jars')}`], {
      timeout: MAVEN_TIMEOUT_MS,
    });
    await rename(join(attempt, 'jars'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
}

function jarFolder(): string {
  return join(cacheFolder(), `kafka-${KAFKA_VERSION}`);
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'barada');
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
