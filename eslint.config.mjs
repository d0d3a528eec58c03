import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/node_modules', 'cdktf.out', '**/dist', '.he300', 'coverage'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: [
      '**/*.js',
      'ops/**',
      'benchmark/src/cli/**',
      'test/bench/**',
      'benchmark/bench/**',
      'dashboard/bench/**',
      'benchmark/demo-model/**',
      'main.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // These would bring into the runner's bundle what it does not use, and half of its start-up with it.
    files: ['benchmark/src/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[source.value='zod'][importKind='value'] > ImportSpecifier",
          message: "import * as z from 'zod'",
        },
        {
          selector: "ImportDeclaration[source.value='undici'][importKind='value']",
          message: "import Client from 'undici/lib/dispatcher/client.js'",
        },
      ],
    },
  },
  {
    // The dashboard is built on what the runner promises, not on how it works.
    files: ['dashboard/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@he300/benchmark(?!/(contract|contract/examples|compare|binding|signing)$)',
              message: 'allowed: @he300/benchmark/{contract,contract/examples,compare,binding,signing}',
            },
            {
              regex: '(^|/)benchmark/src/',
              message: 'import the package @he300/benchmark, not its files',
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  prettier,
);
