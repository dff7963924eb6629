import { GatehouseError, refuse } from '../errors.ts';

const OWN_TYPES = ['Connection', 'Grant', 'Revocation', 'AuditEvent', 'Extraction'] as const;
const GITLAB_TYPES = ['Group', 'Project', 'User'] as const;
const HOLDERS = ['user', 'group', 'project'] as const;

/** Kinds of things of ours: the id is our row's (an event's: its sequence). */
export type OwnType = (typeof OWN_TYPES)[number];
/** Kinds of GitLab's things: known by the connection they were read through and GitLab's number. */
export type GitLabType = (typeof GITLAB_TYPES)[number];
export type NodeType = OwnType | GitLabType | 'AccessToken';

/** Whose an access token is: GitLab finds most tokens only there. */
export type HolderRef = { kind: 'user' | 'group' | 'project'; id: string };

/** A global id taken apart. */
export type GlobalId<T extends NodeType = NodeType> = T extends 'AccessToken'
  ? { type: T; connectionId: string; gitlabId: string; holder: HolderRef }
  : T extends GitLabType
    ? { type: T; connectionId: string; gitlabId: string }
    : { type: T; id: string };

/** The opaque id of a thing; the parts are decimal numbers as strings. */
export function toGlobalId(type: OwnType, id: string): string;
export function toGlobalId(type: GitLabType, connectionId: string, gitlabId: string): string;
export function toGlobalId(type: NodeType, ...parts: string[]): string {
  return toOpaque([type, ...parts].join(':'));
}

const ofNodes = new WeakMap<object, string>();

/** The opaque id of one of GitLab's things; made once for each node, which may serve many requests. */
export function nodeGlobalId(type: GitLabType, node: { connectionId: string; id: string }): string {
  const known = ofNodes.get(node);
  if (known !== undefined) return known;
  const globalId = toGlobalId(type, node.connectionId, node.id);
  ofNodes.set(node, globalId);
  return globalId;
}

/** The opaque id of an access token, with the user, group or project whose it is. */
export function tokenGlobalId(connectionId: string, gitlabId: string, holder: HolderRef): string {
  return Buffer.from(['AccessToken', connectionId, gitlabId, holder.kind, holder.id].join(':')).toString('base64url');
}

/**
 * Text without meaning for whoever gets it, in base64url. Only of the letters, digits and marks that ids consist of: none of them
 * comes out as + or /, and `btoa` is much faster than a Buffer; there is an id in every row of a list.
 */
export function toOpaque(text: string): string {
  const padded = btoa(text);
  const end = padded.indexOf('=', padded.length - 2);
  return end === -1 ? padded : padded.slice(0, end);
}

/** Takes a global id apart; throws BAD_USER_INPUT where it is none, or not of one of these types. */
export function fromGlobalId<T extends NodeType>(globalId: string, ...types: readonly T[]): GlobalId<T> {
  const parsed = parse(globalId);
  if (parsed === null || !isOneOf(parsed, types))
    throw new GatehouseError('BAD_USER_INPUT', sentence(globalId, types, parsed));
  return parsed;
}

/** As `fromGlobalId`, for an id in a mutation's input: throws a `Refusal` INVALID_INPUT that names the field. */
export function fromInputId<T extends NodeType>(
  globalId: string,
  field: string[],
  ...types: readonly T[]
): GlobalId<T> {
  const parsed = parse(globalId);
  if (parsed === null || !isOneOf(parsed, types))
    throw refuse('INVALID_INPUT', sentence(globalId, types, parsed), field);
  return parsed;
}

/** The row id in the global id of one of our things; null where it is not one of this type. */
export function rowIdIn(globalId: string, type: OwnType): string | null {
  const parsed = parse(globalId);
  return parsed !== null && 'id' in parsed && parsed.type === type ? parsed.id : null;
}

function isOneOf<T extends NodeType>(id: GlobalId, types: readonly T[]): id is GlobalId<T> {
  return types.some((type) => type === id.type);
}

function parse(globalId: string): GlobalId | null {
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  if (Buffer.from(text).toString('base64url') !== globalId) return null;
  const [typeName, first, second, ...rest] = text.split(':');
  if (!isNumber(first)) return null;
  if (typeName === 'AccessToken') return tokenId(first, second, rest);
  if (rest.length > 0) return null;
  const own = OWN_TYPES.find((type) => type === typeName);
  if (own !== undefined) return second === undefined ? { type: own, id: first } : null;
  const gitlab = GITLAB_TYPES.find((type) => type === typeName);
  return gitlab !== undefined && isNumber(second) ? { type: gitlab, connectionId: first, gitlabId: second } : null;
}

function tokenId(
  connectionId: string,
  gitlabId: string | undefined,
  [kind, id, ...rest]: string[],
): GlobalId<'AccessToken'> | null {
  const holder = HOLDERS.find((known) => known === kind);
  if (!isNumber(gitlabId) || holder === undefined || !isNumber(id) || rest.length > 0) return null;
  return { type: 'AccessToken', connectionId, gitlabId, holder: { kind: holder, id } };
}

/** Within 64 bit, so that a database never refuses it. */
function isNumber(part: string | undefined): part is string {
  return part !== undefined && /^[1-9]\d{0,18}$/.test(part) && BigInt(part) <= 9_223_372_036_854_775_807n;
}

function sentence(globalId: string, types: readonly NodeType[], parsed: GlobalId | null): string {
  const wanted = types.length === 1 ? `a ${String(types[0])}` : `one of ${types.join(', ')}`;
  const seen = parsed === null ? 'not an id that this gateway gives' : `the id of a ${parsed.type}`;
  return `"${globalId.slice(0, 80)}" is ${seen}. Give the id of ${wanted}, taken unchanged from an earlier answer.`;
}
