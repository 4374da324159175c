// No cycles between folders of the product. Tests are left out: they may use whatever they test.
const boundaries = require('./.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'no-folder-cycles',
      comment:
        'Two folders that need each other are one folder. Exceptions: in libs/status known/past and assessment/reads, ' +
        'which the rebuild of the status read model dissolves.',
      severity: 'error',
      scope: 'folder',
      from: {
        pathNot: ['^libs/status/src/(known|past|assessment|reads)$'],
      },
      to: { circular: true },
    },
  ],
  options: { ...boundaries.options, exclude: { path: ['\\.(spec|contract|fixture)\\.ts$', '^test/'] } },
};
