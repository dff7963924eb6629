import type { Check, Finding } from './finding.ts';
import { errorOf, fail, listed, pass, skip, unanswered, valueOf, warn } from './finding.ts';
import type { Facts, OwnGroup } from './facts.ts';
import { GROUPS_LOOKED_AT } from './facts.ts';

const OWNER = 50;
const ROLE_NAMES = new Map([
  [5, 'Minimal Access'],
  [10, 'Guest'],
  [15, 'Planner'],
  [20, 'Reporter'],
  [25, 'Security Manager'],
  [30, 'Developer'],
  [40, 'Maintainer'],
  [OWNER, 'Owner'],
]);

/** An administrator whose rights work; with Admin Mode in the way an administrator is like anybody else. */
function reachesAll(facts: Facts): boolean {
  return valueOf(facts.adminProbe) === true;
}

/** The tops of the reach: groups of which no ancestor is in the list. */
function tops(groups: readonly OwnGroup[]): OwnGroup[] {
  const paths = new Set(groups.map(({ group }) => group.fullPath));
  return groups.filter(({ group }) => !ancestors(group.fullPath).some((path) => paths.has(path)));
}

function ancestors(fullPath: string): string[] {
  const parts = fullPath.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function withRole({ group, accessLevel }: OwnGroup): string {
  const role =
    accessLevel === null ? 'by an invited group' : (ROLE_NAMES.get(accessLevel) ?? `level ${String(accessLevel)}`);
  return `${group.fullPath} (${role})`;
}

const paths = (groups: readonly OwnGroup[]): string => listed(groups.map(({ group }) => group.fullPath));
const count = (groups: readonly OwnGroup[]): string =>
  `${groups.length >= GROUPS_LOOKED_AT ? 'at least ' : ''}${String(groups.length)}`;

/** The groups as far as they were read; a finding where they were not. */
function groupsOr(facts: Facts, judge: (groups: OwnGroup[]) => Finding): Finding {
  const error = errorOf(facts.groups);
  if (error) {
    return unanswered("The token's groups", error);
  }
  const groups = valueOf(facts.groups);
  return groups && judge(groups);
}

export const reach: Check = (facts) => {
  if (reachesAll(facts)) {
    return pass('The whole instance, as an administrator.');
  }
  return groupsOr(facts, (groups) => {
    const top = tops(groups);
    return top.length > 0
      ? pass(`${count(top)} ${top.length === 1 ? 'group' : 'groups'} with all below: ${listed(top.map(withRole))}.`)
      : fail(
          'The account is a member of no group, so there is nothing to manage.',
          'Add the account as Owner to each top-level group that it shall manage.',
        );
  });
};

export const ownerRole: Check = (facts) => {
  if (reachesAll(facts)) {
    return pass('An administrator may manage members everywhere.');
  }
  return groupsOr(facts, (groups) => judgeOwner(tops(groups)));
};

function judgeOwner(top: readonly OwnGroup[]): Finding {
  const others = top.filter(({ accessLevel }) => accessLevel !== OWNER);
  if (top.length === 0) {
    return null;
  }
  if (others.length === 0) {
    return pass(`Owner of ${paths(top)}.`);
  }
  const remedy = 'Make the account Owner of each group whose members it shall manage.';
  return others.length === top.length
    ? fail(`Owner nowhere: ${listed(top.map(withRole))}. Members of groups can only be managed by an Owner.`, remedy)
    : warn(`Not Owner of ${listed(others.map(withRole))}: members there can be read but not changed.`, remedy);
}

export const externalSync: Check = (facts) => {
  return groupsOr(facts, (groups) => {
    const synced = groups.filter((group) => group.synced);
    if (synced.length > 0) {
      return warn(
        `LDAP or SAML links set the members of ${paths(synced)}: GitLab may refuse or undo grants there.`,
        'Grant access in subgroups or projects that have no such links.',
      );
    }
    return groups.length > 0
      ? pass(`No LDAP or SAML links on the ${count(groups)} ${groups.length === 1 ? 'group' : 'groups'} looked at.`)
      : skip('No groups of its own to look at; each group is looked at when access is granted there.');
  });
};
