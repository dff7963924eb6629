/** What the tour asks, word for word as any client could. */
export const TEST_CONNECTION = /* GraphQL */ `
  mutation Test($baseUrl: URL!, $token: String!) {
    testConnection(input: { baseUrl: $baseUrl, token: $token }) {
      report {
        passed
        checks {
          code
          status
          message
          remedy
        }
      }
      userErrors {
        message
      }
    }
  }
`;

export const SAVE_CONNECTION = /* GraphQL */ `
  mutation Save($baseUrl: URL!, $token: String!) {
    saveConnection(input: { name: "sandbox", baseUrl: $baseUrl, token: $token }) {
      connection {
        id
        name
        identity {
          username
          kind
        }
        token {
          daysLeft
        }
        instance {
          version
        }
      }
      userErrors {
        message
      }
    }
  }
`;

export const WHO_IS_IN = /* GraphQL */ `
  query Who($group: ID!, $user: String!) {
    connection(name: "sandbox") {
      group(fullPath: $group) {
        members(kinds: [DIRECT, INHERITED, SHARED], first: 100) {
          nodes {
            kind
            accessLevel
            expiresAt
            user {
              username
              kind
              state
            }
            source {
              fullPath
            }
          }
        }
        access(user: { username: $user }) {
          accessLevel
          pathsComplete
          paths {
            kind
            accessLevel
            source {
              fullPath
            }
          }
        }
      }
    }
  }
`;

export const DIRECT_MEMBER = /* GraphQL */ `
  query Direct($project: ID!, $user: String!) {
    connection(name: "sandbox") {
      project(fullPath: $project) {
        members(kinds: [DIRECT], search: $user) {
          nodes {
            accessLevel
            expiresAt
            user {
              username
            }
            grant {
              id
              reason
              expiresAt
            }
          }
        }
      }
    }
  }
`;

export const GRANT_ACCESS = /* GraphQL */ `
  mutation Grant($connection: ID!, $user: String!, $project: ID!, $duration: Duration!) {
    grantAccess(
      input: {
        connectionId: $connection
        user: { username: $user }
        target: { project: $project }
        accessLevel: MAINTAINER
        duration: $duration
        reason: "Roll back the broken release"
        ticket: "INC-42"
      }
    ) {
      grant {
        id
        status
        effect
        expiresAt
        base {
          accessLevel
          expiresAt
        }
        problem {
          message
        }
      }
      userErrors {
        message
      }
    }
  }
`;

export const GRANT_STATUS = /* GraphQL */ `
  query Status($id: ID!) {
    node(id: $id) {
      ... on Grant {
        status
        endReason
        endedAt
        expiresAt
        problem {
          message
        }
        history(first: 20) {
          nodes {
            sequence
            action
            actor
            summary
          }
        }
      }
    }
  }
`;
