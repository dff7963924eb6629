import { z } from 'zod';

export const SAVE_CONNECTION = /* GraphQL */ `
  mutation Save($input: SaveConnectionInput!) {
    saveConnection(input: $input) {
      connection {
        id
      }
      userErrors {
        message
      }
    }
  }
`;

export const GRANT = /* GraphQL */ `
  mutation Grant($input: GrantAccessInput!) {
    grantAccess(input: $input) {
      grant {
        id
        status
      }
      userErrors {
        code
        message
      }
    }
  }
`;

export const EXTEND = /* GraphQL */ `
  mutation Extend($input: ExtendGrantInput!) {
    extendGrant(input: $input) {
      grant {
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`;

export const REVOKE = /* GraphQL */ `
  mutation Revoke($input: RevokeAccessInput!) {
    revokeAccess(input: $input) {
      revocation {
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`;

/** What is left to do, and what became of all. */
export const STANDING = /* GraphQL */ `
  query Standing {
    all: grants(first: 1) {
      totalCount
    }
    unended: grants(filter: { statuses: [SCHEDULED, ACTIVATING, ACTIVE, ENDING] }, first: 20) {
      totalCount
      nodes {
        id
        status
        username
        targetPath
        problem {
          code
          message
        }
      }
    }
    ended: grants(filter: { statuses: [ENDED] }, first: 1) {
      totalCount
    }
    failed: grants(filter: { statuses: [FAILED] }, first: 1) {
      totalCount
    }
    pending: revocations(pendingOnly: true, first: 1) {
      totalCount
    }
    revocations(first: 1) {
      totalCount
    }
  }
`;

const userErrors = z.array(z.object({ code: z.string(), message: z.string() }));
const counted = z.object({ totalCount: z.number() });

export const grantedSchema = z.object({
  grantAccess: z.object({ grant: z.object({ id: z.string(), status: z.string() }).nullable(), userErrors }),
});
export const extendedSchema = z.object({
  extendGrant: z.object({ grant: z.object({ id: z.string() }).nullable(), userErrors }),
});
export const revokedSchema = z.object({
  revokeAccess: z.object({ revocation: z.object({ id: z.string() }).nullable(), userErrors }),
});
export const savedSchema = z.object({
  saveConnection: z.object({ connection: z.object({ id: z.string() }).nullable(), userErrors: z.array(z.unknown()) }),
});
export const standingSchema = z.object({
  all: counted,
  unended: counted.extend({ nodes: z.array(z.unknown()) }),
  ended: counted,
  failed: counted,
  pending: counted,
  revocations: counted,
});
export type Standing = z.output<typeof standingSchema>;
