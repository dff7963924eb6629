import { createHash } from 'node:crypto';

import type { SourceKind } from './types.ts';
import { takeId, type World } from './world.ts';

/** A credential of a group or project without any user behind it. */
export interface DeployToken {
  readonly id: number;
  readonly sourceKind: SourceKind;
  readonly sourceId: number;
  readonly value: string;
  readonly name: string;
  readonly username: string;
  readonly scopes: readonly string[];
  /** An exact instant, unlike all other ends. */
  readonly expiresAt: number | null;
  revoked: boolean;
  readonly creatorId: number | null;
}

/** An SSH key without a login. */
export interface DeployKey {
  readonly id: number;
  title: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly fingerprintSha256: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly expiresAt: number | null;
  readonly isPublic: boolean;
  readonly creatorId: number | null;
}

/** One key on one project. */
export interface DeployKeyLink {
  readonly id: number;
  readonly key: DeployKey;
  readonly projectId: number;
  canPush: boolean;
}

type NewDeployToken = Omit<DeployToken, 'id' | 'value' | 'username' | 'revoked'> & { readonly username: string | null };
type NewDeployKey = Pick<DeployKey, 'title' | 'key' | 'expiresAt' | 'isPublic' | 'creatorId'>;

/** Adds a deploy token; its value is made from its number. */
export function addDeployToken(world: World, input: NewDeployToken): DeployToken {
  const id = takeId(world, 'deployToken');
  const token: DeployToken = {
    ...input,
    id,
    value: `gldt-sandbox-${String(id).padStart(6, '0')}`,
    username: input.username ?? `gitlab+deploy-token-${String(id)}`,
    revoked: false,
  };
  world.deployTokens.set(id, token);
  return token;
}

/** A source's own deploy tokens in order of id. */
export function deployTokensOf(world: World, kind: SourceKind, id: number): DeployToken[] {
  return [...world.deployTokens.values()].filter((token) => token.sourceKind === kind && token.sourceId === id);
}

/** The fingerprints of a public key's text, or null where it is none. */
export function fingerprintsOf(key: string): { md5: string; sha256: string } | null {
  const blob = /^(?:ssh-|ecdsa-|sk-)\S+ ([A-Za-z0-9+/]{32,}={0,2})(?: .*)?$/.exec(key)?.[1];
  if (blob === undefined) return null;
  const bytes = Buffer.from(blob, 'base64');
  const hex = createHash('md5').update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
  return { md5: (hex.match(/../g) ?? []).join(':'), sha256 };
}

/** Adds a key that is on no project yet. The caller has checked its text. */
export function addDeployKey(world: World, input: NewDeployKey): DeployKey {
  const prints = fingerprintsOf(input.key);
  if (!prints) throw new Error('a deploy key needs the text of a public key');
  const nowMs = world.clock.now();
  const times = { createdAt: nowMs, updatedAt: nowMs };
  const id = takeId(world, 'deployKey');
  const key: DeployKey = { ...input, ...times, id, fingerprint: prints.md5, fingerprintSha256: prints.sha256 };
  world.deployKeys.set(id, key);
  return key;
}

/** Puts a key on a project. */
export function attachKey(world: World, key: DeployKey, projectId: number, canPush: boolean): DeployKeyLink {
  const link: DeployKeyLink = { id: takeId(world, 'deployKeyLink'), key, projectId, canPush };
  world.deployKeyLinks.set(link.id, link);
  return link;
}

/** The keys on a project in order of their attachment. */
export function keysOn(world: World, projectId: number): DeployKeyLink[] {
  return [...world.deployKeyLinks.values()].filter((link) => link.projectId === projectId);
}

/** The places of a key. */
export function placesOf(world: World, key: DeployKey): DeployKeyLink[] {
  return [...world.deployKeyLinks.values()].filter((link) => link.key === key);
}

/** Takes a key off a project; a private key goes with its last attachment. */
export function detachKey(world: World, link: DeployKeyLink): void {
  world.deployKeyLinks.delete(link.id);
  if (!link.key.isPublic && placesOf(world, link.key).length === 0) world.deployKeys.delete(link.key.id);
}

/** Forgets the credentials of a group or project that goes. */
export function removeDeployOf(world: World, kind: SourceKind, id: number): void {
  for (const token of deployTokensOf(world, kind, id)) world.deployTokens.delete(token.id);
  if (kind === 'Project') for (const link of keysOn(world, id)) detachKey(world, link);
}
