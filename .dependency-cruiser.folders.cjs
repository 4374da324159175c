// No cycles between folders of the product. Tests are left out: they may use whatever they test.
const boundaries = require('./.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'no-folder-cycles',
      comment:
        'Two folders that need each other are one folder. Exceptions: in libs/status known/past and assessment/reads, ' +
        'which the rebuild of the status read model dissolves; the others are being dissolved now.',
      severity: 'error',
      scope: 'folder',
      from: {
        pathNot: [
          '^libs/status/src/(known|past|assessment|reads)$',
          '^libs/alerting/src/(alert|stream|delivery|subscription)$',
          '^libs/platform/src/(auth|http)$',
          '^libs/domain/src/(report|incident)$',
        ],
      },
      to: { circular: true },
    },
  ],
  options: { ...boundaries.options, exclude: { path: ['\\.(spec|contract|fixture)\\.ts$', '^test/'] } },
};
