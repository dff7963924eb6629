import { check } from '../../http/params.ts';
import { paginate } from '../../http/paginate.ts';
import { forbidden, json, NO_CONTENT, notFound, recordNotFound, refuse, type Reply } from '../../http/reply.ts';
import {
  ACCESS,
  addDeployKey,
  attachKey,
  authorizedProjects,
  detachKey,
  fingerprintsOf,
  keysOn,
  placesOf,
  viewerProjectLevel,
  type DeployKey,
  type DeployKeyLink,
  type Project,
} from '../../model/index.ts';
import { addressOf, adminOnly, checkUnmodified, userOf, type Call, type Route } from '../context.ts';
import { userPublic } from '../entities/users.ts';
import { findProject, pathParam } from '../lookup.ts';
import { keyEntity, keyWithProjects, linkEntity } from './key-entities.ts';

const CREATE = {
  key: { type: 'string', required: true },
  title: { type: 'string', required: true },
  can_push: { type: 'bool' },
  expires_at: { type: 'time' },
} as const;

/** The project, for its Maintainers: tested before the parameters. */
function managed(call: Call): Project {
  const project = findProject(call);
  if (viewerProjectLevel(call.world, call.viewer, project.id) < ACCESS.MAINTAINER) throw forbidden();
  return project;
}

function linkOf(call: Call, project: Project, missing = recordNotFound): DeployKeyLink {
  const id = Number(pathParam(call, 'key_id'));
  const link = keysOn(call.world, project.id).find((item) => item.key.id === id);
  if (!link) throw missing();
  return link;
}

const noKey = () => notFound('Deploy key');

function list(call: Call): Reply {
  return paginate(addressOf(call), keysOn(call.world, managed(call).id), linkEntity);
}

function get(call: Call): Reply {
  return json(200, linkEntity(linkOf(call, managed(call))));
}

/** Whether a caller may take a key elsewhere: a public one, or one on a project of theirs. */
function reachable(call: Call, key: DeployKey): boolean {
  const own = new Set(authorizedProjects(call.world, userOf(call).id).map(([project]) => project.id));
  return key.isPublic || placesOf(call.world, key).some((link) => own.has(link.projectId));
}

/** POST: 201 for a key already there, one joined and one made alike; what was sent counts only in the last case. */
function create(call: Call): Reply {
  const project = managed(call);
  const sent = check(call.params, CREATE);
  const text = sent.key.trim();
  const there = keysOn(call.world, project.id).find((link) => link.key.key === text);
  if (there) return json(201, linkEntity(there));
  const known = [...call.world.deployKeys.values()].find((key) => key.key === text && reachable(call, key));
  const key = known ?? make(call, { ...sent, key: text }, { isPublic: false, prefix: 'deploy_key.' });
  return json(201, linkEntity(attachKey(call.world, key, project.id, sent.can_push === true)));
}

interface KeyWish {
  readonly key: string;
  readonly title: string;
  readonly expires_at?: number | null;
}

function make(call: Call, sent: KeyWish, kind: { isPublic: boolean; prefix: string }): DeployKey {
  const { world } = call;
  const prints = fingerprintsOf(sent.key);
  const fault = (name: string, text: string) => refuse(400, { [`${kind.prefix}${name}`]: [text] });
  if (!prints) throw fault('fingerprint_sha256', 'cannot be generated');
  if ([...world.deployKeys.values()].some((key) => key.fingerprintSha256 === prints.sha256)) {
    throw fault('fingerprint_sha256', 'has already been taken');
  }
  const expiresAt = sent.expires_at ?? null;
  if (expiresAt !== null && expiresAt < world.clock.now()) throw fault('key', 'has expired');
  const { isPublic } = kind;
  return addDeployKey(world, { title: sent.title, key: sent.key, expiresAt, isPublic, creatorId: userOf(call).id });
}

/** PUT: a title one may not change is passed over in silence. */
function update(call: Call): Reply {
  const project = managed(call);
  const names = ['title', 'can_push'];
  const sent = check(call.params, { title: { type: 'string' }, can_push: { type: 'bool' } }, { atLeastOne: names });
  const link = linkOf(call, project);
  link.canPush = sent.can_push ?? link.canPush;
  const shared = link.key.isPublic || placesOf(call.world, link.key).length > 1;
  if (sent.title !== undefined && (call.viewer.admin || !shared)) {
    link.key.title = sent.title;
    link.key.updatedAt = call.world.clock.now();
  }
  return json(200, linkEntity(link));
}

/** POST .../enable attaches a key of another project, to read only. */
function enable(call: Call): Reply {
  const project = managed(call);
  const key = call.world.deployKeys.get(Number(pathParam(call, 'key_id')));
  if (!key || !(call.viewer.admin || reachable(call, key))) throw noKey();
  const there = keysOn(call.world, project.id).some((link) => link.key === key);
  if (!there) attachKey(call.world, key, project.id, false);
  return json(201, keyEntity(key));
}

function remove(call: Call): Reply {
  const link = linkOf(call, managed(call), noKey);
  checkUnmodified(call, link.key.updatedAt);
  detachKey(call.world, link);
  return NO_CONTENT;
}

function listAll(call: Call): Reply {
  const sent = check(call.params, { public: { type: 'bool' } });
  adminOnly(call);
  const keys = [...call.world.deployKeys.values()].filter((key) => sent.public !== true || key.isPublic);
  return paginate(addressOf(call), keys, (key) => keyWithProjects(call, key));
}

function createPublic(call: Call): Reply {
  const sent = check(call.params, CREATE);
  adminOnly(call);
  return json(201, keyEntity(make(call, { ...sent, key: sent.key.trim() }, { isPublic: true, prefix: '' })));
}

/** GET /keys/:id names the creator, for administrators. */
function getWithUser(call: Call): Reply {
  adminOnly(call);
  const key = call.world.deployKeys.get(Number(pathParam(call, 'key_id')));
  if (!key) throw recordNotFound();
  const user = key.creatorId === null ? undefined : call.world.users.get(key.creatorId);
  return json(200, { ...keyEntity(key), user: user ? userPublic(call, user) : null });
}

const KEYS = '/projects/:id/deploy_keys';

/** Deploy keys of projects (docs/gitlab.md §deploy keys). */
export const DEPLOY_KEY_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/deploy_keys', handler: listAll },
  { method: 'POST', path: '/deploy_keys', handler: createPublic },
  { method: 'GET', path: '/keys/:key_id', handler: getWithUser },
  { method: 'GET', path: KEYS, handler: list },
  { method: 'POST', path: KEYS, handler: create },
  { method: 'GET', path: `${KEYS}/:key_id`, handler: get },
  { method: 'PUT', path: `${KEYS}/:key_id`, handler: update },
  { method: 'DELETE', path: `${KEYS}/:key_id`, handler: remove },
  { method: 'POST', path: `${KEYS}/:key_id/enable`, handler: enable },
];
