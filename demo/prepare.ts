import { GROUPS, USERS } from '../sandbox/seed/index.ts';

/** Does what an administrator of that GitLab would do by hand: an on-call group, invited into the group that the tour looks at. */
export async function inviteOnCall(deps: {
  gitlabUrl: string;
  adminToken: string;
  fetch: typeof fetch;
}): Promise<void> {
  const ask = async (method: string, path: string, body?: object): Promise<{ id: number }[]> => {
    const response = await deps.fetch(`${deps.gitlabUrl}/api/v4${path}`, {
      method,
      headers: { 'private-token': deps.adminToken, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`GitLab answered ${String(response.status)} to ${method} ${path}.`);
    return [await response.json()].flat() as { id: number }[];
  };
  const group = (fullPath: string) => `/groups/${encodeURIComponent(fullPath)}`;
  const [parent] = await ask('GET', `${group(GROUPS.acme)}?with_projects=false`);
  const [onCall] = await ask('POST', '/groups', { name: 'On call', path: 'oncall', parent_id: parent?.id });
  const [carol] = await ask('GET', `/users?username=${USERS.carol}`);
  await ask('POST', `/groups/${String(onCall?.id)}/members`, { user_id: carol?.id, access_level: 40 });
  await ask('POST', `${group(GROUPS.payments)}/share`, { group_id: onCall?.id, group_access: 20 });
}
