/** Well-known groups of every seeded world, by full path. All but the top-level ones belong to `acme`. */
export const GROUPS = {
  /** Root; alice, olga and the service account are Owners; has one minimal-access member. */
  acme: 'acme',
  platform: 'acme/platform',
  payments: 'acme/platform/payments',
  core: 'acme/platform/payments/core',
  ledger: 'acme/platform/payments/core/ledger',
  /** The biggest: 60 direct members at small, 1,050 at medium, 1,200 at large. */
  everyone: 'acme/everyone',
  /** Internal; the private group `shadow` is invited here. */
  design: 'acme/design',
  /** Public. */
  open: 'acme/open',
  /** Linked to LDAP; its members come from there. */
  legal: 'acme/legal',
  /** Archived. */
  attic: 'acme/attic',
  /** Root, private; invited into payments as Developer. */
  partners: 'partners',
  /** Root, private; invited into the project api as Reporter by a link that expires. */
  contractors: 'contractors',
  /** Root, private; nobody of acme is in it. */
  shadow: 'shadow',
  /** Root, public; carl is its only Owner. */
  library: 'library',
} as const;

/** Well-known projects of every seeded world, by full path. */
export const PROJECTS = {
  /** Private; heidi is direct Reporter; contractors are invited; has a token robot. */
  api: 'acme/platform/payments/api',
  /** Private, four groups deep. */
  ledgerApi: 'acme/platform/payments/core/ledger-api',
  /** Private, five groups deep. */
  ledgerDb: 'acme/platform/payments/core/ledger/db',
  tooling: 'acme/platform/tooling',
  /** Archived. */
  legacy: 'acme/platform/legacy',
  /** Internal. */
  styleguide: 'acme/design/styleguide',
  /** Public. */
  website: 'acme/open/website',
  contracts: 'acme/legal/contracts',
  books: 'library/books',
  /** In bob's own namespace. */
  personal: 'bob/notes',
} as const;

/** Well-known users of every seeded world, by username. */
export const USERS = {
  /** Administrator without memberships; token `admin`. */
  root: 'root',
  /** Owner of acme. */
  alice: 'alice',
  /** Second Owner of acme. */
  olga: 'olga',
  /** Developer of platform; token `user`. */
  bob: 'bob',
  /** On payments: direct Maintainer, inherited Reporter (platform), shared Developer (partners). */
  carol: 'carol',
  /** Only Owner of library. */
  carl: 'carl',
  /** Blocked; still Developer of platform. */
  dave: 'dave',
  /** Deactivated; still Reporter of platform. */
  dina: 'dina',
  /** Banned; still Guest of design. */
  mallory: 'mallory',
  /** Developer of payments until a date 30 days ahead. */
  erin: 'erin',
  /** Developer of the project tooling, ending in 10 days. */
  eve: 'eve',
  /** Minimal access to acme. */
  frank: 'frank',
  /** Private profile; Maintainer of design. */
  grace: 'grace',
  /** External; direct Reporter of the project api and nothing else. */
  heidi: 'heidi',
  /** Developer of contractors. */
  ivan: 'ivan',
  /** Asked for access to platform. */
  judy: 'judy',
  /** Reporter of design with the custom role Incident Responder. */
  peggy: 'peggy',
  /** Developer of partners. */
  paul: 'paul',
  /** Owner of shadow. */
  sybil: 'sybil',
  /** Developer of legal, written by LDAP. */
  lena: 'lena',
  /** Maintainer of payments. */
  trent: 'trent',
  /** No membership at all. */
  niaj: 'niaj',
  /** Service account, Owner of acme; token `owner`. */
  gatehouse: 'gatehouse',
  /** Service account, Developer of platform. */
  deployer: 'deployer',
  /** Robot of a project access token of api. */
  apiBot: 'project_api_bot',
  /** Robot of a group access token of platform. */
  platformBot: 'group_platform_bot',
} as const;

/** The fixed tokens of every seeded world. */
export const TOKENS = {
  /** root: api, admin_mode, sudo. */
  admin: 'glpat-sandbox-admin',
  /** gatehouse: api. */
  owner: 'glpat-sandbox-owner',
  /** bob: api. */
  user: 'glpat-sandbox-user',
  /** alice: api. */
  alice: 'glpat-sandbox-alice',
  /** gatehouse: read_api only. */
  readOnly: 'glpat-sandbox-read',
  /** gatehouse: api, expired yesterday. */
  expired: 'glpat-sandbox-expired',
  /** gatehouse: api, revoked. */
  revoked: 'glpat-sandbox-revoked',
  /** dave, who is blocked: api. */
  blocked: 'glpat-sandbox-blocked',
  /** apiBot: api. */
  projectBot: 'glpat-sandbox-project-bot',
} as const;
