// D3, parse5 and jose ship as ECMAScript modules only, which Jest does not load as they are.
const MODULES_ONLY = '(?:d3-[a-z-]+|internmap|parse5|entities|jose)/';

// Four projects, told apart by what they need: `unit` nothing, `integration` Terraform and the emulator, `e2e` a
// booted host or a browser, `soak` one and a lot of time. Type checking is a step of its own (`npm run check:types`),
// so the transform only strips types.
const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?tsx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
    [`/node_modules/${MODULES_ONLY}.+\\.m?js$`]: [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!${MODULES_ONLY})`],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/dist', '<rootDir>/.he300'],
};

// Real programs take their time on a busy machine: a test that says nothing else has a minute.
const slow = { ...common, setupFilesAfterEnv: ['<rootDir>/test/support/patience.js'] };

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/integration/', '<rootDir>/test/e2e/'],
    },
    { ...slow, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    { ...slow, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/*.test.ts'] },
    { ...slow, displayName: 'soak', testMatch: ['<rootDir>/test/e2e/soak/*.test.ts'] },
  ],
};
