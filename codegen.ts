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

/** Public schema → resolver types. What a parent object is, by type; a type not named here is answered field by field. */
const mappers = {
  Connection: '../connections/records.ts#ConnectionRecord',
  ConnectionToken: '../resolvers/nodes.ts#ConnectionTokenNode',
  Group: '../resolvers/nodes.ts#GroupNode',
  Project: '../resolvers/nodes.ts#ProjectNode',
  MembershipSource: '../resolvers/nodes.ts#SourceNode',
  User: '../resolvers/nodes.ts#UserNode',
  Member: '../resolvers/nodes.ts#MemberNode',
  Access: '../resolvers/nodes.ts#AccessNode',
  AccessToken: '../resolvers/nodes.ts#AccessTokenNode',
  Grant: '../resolvers/nodes.ts#GrantNode',
  GrantProblem: '../store/grants.ts#Problem',
  MembershipSnapshot: '../store/grants.ts#Snapshot',
  Revocation: '../grants/service.ts#RevocationRow',
  RevokeAccessPayload: '../resolvers/nodes.ts#RevokeAccessNode',
  AuditEvent: '../resolvers/nodes.ts#AuditEventNode',
  Insight: '../resolvers/question-nodes.ts#InsightNode',
  ReachConnection: '../resolvers/question-nodes.ts#ReachPage',
  ExtractedMembershipConnection: '../resolvers/question-nodes.ts#MembershipPage',
  DormantHolderConnection: '../resolvers/question-nodes.ts#DormantPage',
  MembershipChangeConnection: '../resolvers/question-nodes.ts#ChangePage',
  RemovalEffect: '../resolvers/question-nodes.ts#RemovalNode',
  Extraction: '../extraction/service.ts#ExtractionRow',
  Node: '../resolvers/nodes.ts#AnyNode',
};

const publicSchema: CodegenConfig['generates'] = {
  'src/generated/resolvers.ts': {
    schema: 'schema/*.graphql',
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      contextType: '../resolvers/services.ts#Context',
      mappers,
      useTypeImports: true,
      enumsAsTypes: true,
      skipTypename: true,
      strictScalars: true,
      defaultScalarType: 'never',
      immutableTypes: true,
      maybeValue: 'T | null',
      inputMaybeValue: 'T | null',
      scalars: {
        ID: { input: 'string', output: 'string' },
        DateTime: { input: 'Date', output: 'Date | string' },
        Date: { input: 'string', output: 'string' },
        Duration: { input: 'number', output: 'number' },
        URL: { input: 'string', output: 'string' },
      },
    },
  },
};

const config: CodegenConfig = {
  generates: { ...gitlab, ...publicSchema },
};
export default config;
