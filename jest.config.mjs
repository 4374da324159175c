export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['barada-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testRegex: '\\.spec\\.ts$',
  // Anchored: the project itself may be below a folder named dist.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          experimental: { keepImportAttributes: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: 2,
  // Specs wait for facts, not for time. This limit only ends a test that would never end.
  testTimeout: 120_000,
  // How long a worker may take to exit once its tests are done. jest's default of 500 ms is too short on a busy machine:
  // workers of 120 MB (16 busy loops on 2 cores) and of 460 MB (libs/alerting) that had nothing open and had emitted
  // `exit` were reported as "failed to exit gracefully". A timer that a test leaves is still reported, after 10 s.
  workerGracefulExitTimeout: 10_000,
  globalSetup: '<rootDir>/test/support/cluster-setup.mjs',
  globalTeardown: '<rootDir>/test/support/cluster-teardown.mjs',
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.mjs'],
};
