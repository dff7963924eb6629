import type { CodegenConfig } from '@graphql-codegen/cli';

/** GitLab operations → typed documents, checked against our slice of GitLab's schema. */
const gitlab: CodegenConfig['generates'] = {
  'src/gitlab/generated/operations.ts': {
    schema: 'src/gitlab/schema.graphql',
    documents: 'src/gitlab/operations/*.graphql',
    plugins: ['typescript-operations', 'typed-document-node'],
    config: {
      useTypeImports: true,
      skipTypename: true,
      enumsAsTypes: true,
      immutableTypes: true,
      arrayInputCoercion: false,
      strictScalars: true,
      scalars: { ID: 'string', UserID: 'string', Time: 'string', Date: 'string' },
    },
  },
};

/** Public schema → resolver types (block of the server side goes here). */
const publicSchema: CodegenConfig['generates'] = {};

const config: CodegenConfig = {
  generates: { ...gitlab, ...publicSchema },
};
export default config;
