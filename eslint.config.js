import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What every folder of src may use. */
const COMMON = ['errors.ts', 'log.ts', 'duration.ts'];

/**
 * Which folder may import which: imports run one way, server → resolvers → (loaders | connections | grants) → (gitlab | store | jobs).
 * `grants` never uses `loaders`, whose answers may be of the past. The composition root (main.ts, app.ts) may use all.
 */
const IMPORTS = {
  gitlab: [],
  store: [],
  jobs: ['store'],
  connections: ['gitlab', 'store', 'jobs'],
  grants: ['gitlab', 'store', 'jobs'],
  extraction: ['gitlab', 'store', 'jobs'],
  questions: ['store', 'extraction'],
  loaders: ['connections', 'grants', 'gitlab', 'store', 'jobs'],
  generated: ['resolvers', 'connections', 'grants', 'extraction', 'questions', 'store'],
  resolvers: ['generated', 'loaders', 'connections', 'grants', 'extraction', 'questions', 'gitlab', 'store', 'jobs'],
  server: ['resolvers', 'connections', 'grants', 'extraction', 'gitlab', 'store'],
};

/** Each package is used in the folders named here only; its types may be named elsewhere. */
const HOMES = {
  undici: ['src/gitlab'],
  kysely: ['src/store'],
  pg: ['src/store'],
  '@electric-sql/pglite': ['src/store'],
  'pg-boss': ['src/jobs'],
  jose: ['src/connections'],
  dataloader: ['src/loaders'],
  pino: ['src/log.ts'],
  fastify: ['src/server'],
  '@fastify/cors': ['src/server'],
  '@fastify/helmet': ['src/server'],
  '@fastify/rate-limit': ['src/server'],
  '@as-integrations/fastify': ['src/server'],
  'prom-client': ['src/server'],
  '@apollo/server': ['src/server'],
  '@graphql-tools/schema': ['src/server'],
  'graphql-jit': ['src/server'],
  '@escape.tech/graphql-armor-max-aliases': ['src/server'],
  '@escape.tech/graphql-armor-max-depth': ['src/server'],
  'graphql-scalars': ['src/resolvers'],
  graphql: ['src/server', 'src/resolvers', 'src/gitlab', 'src/generated'],
};
/** pg-boss runs in the store's transactions. */
HOMES.kysely.push('src/jobs');

function foldersOf(homes) {
  return homes.map((home) => (home.endsWith('.ts') ? home : `${home}/**`));
}

/** For the files of one home: every package whose home is elsewhere is refused. */
function packagesRefusedIn(home) {
  const refused = Object.entries(HOMES).filter(([, homes]) => home === null || !homes.includes(home));
  return {
    patterns: refused.map(([name, homes]) => ({
      group: [name, `${name}/*`, ...(name === 'graphql' ? ['!graphql-scalars'] : [])],
      allowTypeImports: true,
      message: `${name} is used in ${homes.join(' and ')} only.`,
    })),
    paths: [{ name: 'node:process', message: 'Only src/config.ts reads the environment; process is a global.' }],
  };
}

const zones = Object.entries(IMPORTS).map(([folder, allowed]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [`./${folder}`, ...allowed.map((name) => `./${name}`), ...COMMON.map((name) => `./${name}`)],
  message: `${folder} may import ${['itself', ...allowed, ...COMMON].join(', ')} only.`,
}));

/** One configuration for both: the plugin keeps the first that it sees. */
const graphqlLanguage = {
  parser: graphqlPlugin.parser,
  parserOptions: {
    graphQLConfig: {
      projects: {
        public: { schema: 'schema/*.graphql' },
        gitlab: { schema: 'src/gitlab/schema.graphql', documents: 'src/gitlab/operations/*.graphql' },
      },
    },
  },
};

const homesInUse = [...new Set(Object.values(HOMES).flat())];

export default tseslint.config(
  { plugins: { '@typescript-eslint': tseslint.plugin } },
  { ignores: ['dist/**', 'data/**', 'node_modules/**', '**/generated/**', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })] },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A handler that must be async for its interface need not wait for anything.
      '@typescript-eslint/require-await': 'off',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-extraneous-dependencies': [
        'error',
        {
          devDependencies: ['test/**', 'scripts/**', 'chaos/**', 'bench/**', 'codegen.ts', '*.config.js'],
          // The bench has a package of its own, for what the product is compared with.
          packageDir: [import.meta.dirname, `${import.meta.dirname}/bench`],
        },
      ],
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            ...zones,
            { target: './src', from: './sandbox', message: 'The sandbox shares nothing with src.' },
            { target: './src', from: './test' },
            { target: './src', from: './bench', message: 'The product knows nothing of what measures it.' },
            { target: './sandbox', from: './bench' },
            { target: './sandbox', from: './src', message: 'The sandbox shares nothing with src.' },
            { target: './src', from: './chaos', message: 'The product knows nothing of what proves it.' },
            { target: './sandbox', from: './chaos' },
            ...['./src', './sandbox'].map((from) => ({
              target: './chaos',
              from,
              message: 'Chaos knows processes, HTTP and the store from outside only.',
            })),
            { target: './sandbox', from: './test' },
            {
              target: './test/contract',
              from: './src',
              message: 'The contract suite knows a base URL and tokens only.',
            },
            { target: './test/sandbox', from: './src', message: 'The sandbox shares nothing with src.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', packagesRefusedIn(null)],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
      ],
    },
  },
  ...homesInUse.map((home) => ({
    files: foldersOf([home]),
    rules: { '@typescript-eslint/no-restricted-imports': ['error', packagesRefusedIn(home)] },
  })),
  { files: ['src/config.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // jest's matchers (expect.any, expect.objectContaining) are of type any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // A test names the shape of the answer to its own query.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'max-lines': 'off',
    },
  },
  {
    files: ['schema/**/*.graphql'],
    languageOptions: graphqlLanguage,
    plugins: { '@graphql-eslint': graphqlPlugin },
    rules: {
      ...graphqlPlugin.configs['flat/schema-recommended'].rules,
      // Only nodes have ids, descriptions stand in one line where they fit it, and User.username is GitLab's word.
      '@graphql-eslint/strict-id-in-types': 'off',
      '@graphql-eslint/description-style': 'off',
      '@graphql-eslint/no-typename-prefix': 'off',
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
    },
  },
  {
    files: ['src/gitlab/operations/**/*.graphql'],
    languageOptions: graphqlLanguage,
    plugins: { '@graphql-eslint': graphqlPlugin },
    rules: {
      ...graphqlPlugin.configs['flat/operations-recommended'].rules,
      // Each field counts towards GitLab's limit on complexity, so an id is asked for only where it is used.
      '@graphql-eslint/require-selections': 'off',
    },
  },
);
