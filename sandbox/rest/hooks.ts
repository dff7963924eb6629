import { randomUUID } from 'node:crypto';

import { check, type Checked } from '../http/params.ts';
import { paginate } from '../http/paginate.ts';
import { forbidden, json, NO_CONTENT, recordNotFound, refuseError, type Reply } from '../http/reply.ts';
import { ACCESS, hasPlan, takeId, viewerGroupLevel, type Hook } from '../model/index.ts';
import { addressOf, adminOnly, type Call, type Handler, type Route } from './context.ts';
import { isoTime } from './entities/users.ts';
import { findGroup, pathParam } from './lookup.ts';

type Kind = 'system' | 'group';

/** The events each kind may want, with what GitLab takes where nothing is said. */
const EVENTS: Record<Kind, Record<string, boolean>> = {
  system: { push_events: false, tag_push_events: false, merge_requests_events: false, repository_update_events: true },
  group: {
    push_events: true,
    tag_push_events: false,
    merge_requests_events: false,
    repository_update_events: false,
    issues_events: false,
    confidential_issues_events: false,
    note_events: false,
    confidential_note_events: false,
    pipeline_events: false,
    wiki_page_events: false,
    job_events: false,
    deployment_events: false,
    releases_events: false,
    subgroup_events: false,
    emoji_events: false,
    resource_access_token_events: false,
    member_events: false,
    project_events: false,
  },
};
const OWN = {
  url: { type: 'string' },
  token: { type: 'string' },
  name: { type: 'string' },
  description: { type: 'string' },
  enable_ssl_verification: { type: 'bool' },
} as const;

/** Whose hooks a call is about: the instance's for administrators, a group's for its Owners, on Premium. */
function placeOf(call: Call, kind: Kind): number | null {
  if (kind === 'system') {
    adminOnly(call);
    return null;
  }
  const group = findGroup(call);
  const owner = viewerGroupLevel(call.world, call.viewer, group.id) >= ACCESS.OWNER;
  if (!owner || !hasPlan(call.world.settings, 'premium')) throw forbidden();
  return group.id;
}

function hooksOf(call: Call, groupId: number | null): Hook[] {
  return [...call.world.hooks.values()].filter((hook) => hook.groupId === groupId);
}

function entity(hook: Hook): Record<string, unknown> {
  return {
    id: hook.id,
    url: hook.url,
    name: hook.name,
    description: hook.description,
    created_at: isoTime(hook.createdAt),
    ...hook.wants,
    enable_ssl_verification: hook.sslVerification,
    alert_status: 'executable',
    disabled_until: null,
    url_variables: [],
    ...(hook.groupId === null ? {} : { group_id: hook.groupId }),
  };
}

function list(kind: Kind): Handler {
  return (call) => paginate(addressOf(call), hooksOf(call, placeOf(call, kind)), entity);
}

function find(call: Call, kind: Kind): Hook {
  const id = Number(pathParam(call, 'hook_id'));
  const hook = hooksOf(call, placeOf(call, kind)).find((item) => item.id === id);
  if (!hook) throw recordNotFound();
  return hook;
}

function wantsOf(call: Call, kind: Kind, before: Record<string, boolean>): Record<string, boolean> {
  const rules = Object.fromEntries(Object.keys(EVENTS[kind]).map((name) => [name, { type: 'bool' } as const]));
  const sent = Object.entries(check(call.params, rules));
  return { ...before, ...Object.fromEntries(sent.map(([name, wanted]) => [name, wanted === true])) };
}

function apply(hook: Hook, sent: Checked<typeof OWN>): void {
  if (sent.url !== undefined && !/^https?:$/.test(URL.parse(sent.url)?.protocol ?? '')) {
    throw refuseError(422, 'Invalid url given');
  }
  hook.url = sent.url ?? hook.url;
  hook.token = sent.token === undefined ? hook.token : sent.token === '' ? null : sent.token;
  hook.name = sent.name ?? hook.name;
  hook.description = sent.description ?? hook.description;
  hook.sslVerification = sent.enable_ssl_verification ?? hook.sslVerification;
}

/** POST: the secret is taken and never shown again. */
function create(kind: Kind): Handler {
  return (call) => {
    const sent = check(call.params, { ...OWN, url: { type: 'string', required: true } } as const);
    const groupId = placeOf(call, kind);
    const hook: Hook = {
      id: takeId(call.world, 'hook'),
      groupId,
      uuid: randomUUID(),
      createdAt: call.world.clock.now(),
      url: sent.url,
      token: null,
      name: null,
      description: null,
      sslVerification: true,
      wants: wantsOf(call, kind, EVENTS[kind]),
    };
    apply(hook, sent);
    call.world.hooks.set(hook.id, hook);
    return json(201, entity(hook));
  };
}

function update(kind: Kind): Handler {
  return (call) => {
    const sent = check(call.params, OWN);
    const hook = find(call, kind);
    apply(hook, sent);
    hook.wants = wantsOf(call, kind, hook.wants);
    return json(200, entity(hook));
  };
}

function remove(kind: Kind): Handler {
  return (call): Reply => {
    call.world.hooks.delete(find(call, kind).id);
    return NO_CONTENT;
  };
}

function routesOf(kind: Kind): Route[] {
  const base = kind === 'system' ? '/hooks' : '/groups/:id/hooks';
  const enterprise = kind === 'group';
  return [
    { method: 'GET', path: base, handler: list(kind), enterprise },
    { method: 'POST', path: base, handler: create(kind), enterprise },
    { method: 'GET', path: `${base}/:hook_id`, handler: (call) => json(200, entity(find(call, kind))), enterprise },
    { method: 'PUT', path: `${base}/:hook_id`, handler: update(kind), enterprise },
    { method: 'DELETE', path: `${base}/:hook_id`, handler: remove(kind), enterprise },
  ];
}

/** Hooks of the instance and of groups (docs/gitlab.md §hooks). */
export const HOOK_ROUTES: readonly Route[] = [...routesOf('system'), ...routesOf('group')];
