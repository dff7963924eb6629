import type { Check, Finding } from './finding.ts';
import { errorOf, fail, pass, skip, unanswered, valueOf, warn } from './finding.ts';
import type { Facts } from './facts.ts';
import { identityOf, instanceAddress } from '../identity.ts';

const SERVICE_ACCOUNT_HINT =
  "a service account's, or of a user made for the gateway alone where the instance has no service accounts.";
const BOT_REMEDY = `Use a personal access token instead: ${SERVICE_ACCOUNT_HINT}`;

export const identity: Check = (facts) => {
  const error = errorOf(facts.user) ?? errorOf(facts.account);
  if (error) {
    return error.code === 'INSUFFICIENT_SCOPE' ? null : unanswered("The token's account", error);
  }
  return judgeAccount(facts);
};

function judgeAccount(facts: Facts): Finding {
  const user = valueOf(facts.user);
  const account = valueOf(facts.account);
  if (!user || !facts.account) {
    return null;
  }
  if (instanceAddress(user) === null) {
    return fail(
      `GitLab gives @${user.username} the address ${user.webUrl}, which does not end in the username, so its own address is unknown.`,
      "Check external_url in GitLab's configuration.",
    );
  }
  const found = identityOf(user, account);
  const who = `@${user.username} (${user.name})`;
  switch (found?.kind) {
    case 'SERVICE_ACCOUNT':
      return pass(`The token belongs to the service account ${who}.`);
    case 'DEDICATED_USER':
      return judgePerson(who, user);
    case 'GROUP_TOKEN_BOT':
      return fail(`This is a group access token: it acts as the bot ${who}, which lives and dies with it.`, BOT_REMEDY);
    case 'PROJECT_TOKEN_BOT':
      return fail(`This is a project access token: it acts as the bot ${who} and reaches one project.`, BOT_REMEDY);
    case undefined:
      return fail(`GitLab does not tell what kind of account ${who} is.`, BOT_REMEDY);
  }
}

function judgePerson(who: string, user: { id: string; username: string }): Finding {
  if (user.id === '1' || user.username === 'root') {
    return warn(
      `The token belongs to the first administrator, ${who}, whom people share.`,
      `Use the token of an account that only the gateway has: ${SERVICE_ACCOUNT_HINT}`,
    );
  }
  return pass(
    `The token belongs to the user ${who}. It should be an account that only the gateway uses: nobody can be granted access as it.`,
  );
}

export const administrator: Check = ({ user }) => {
  const found = valueOf(user);
  if (!found) {
    return null;
  }
  return found.isAdmin
    ? pass(`@${found.username} is an administrator of this GitLab.`)
    : skip(`@${found.username} is no administrator: its reach is the groups it is a member of.`);
};

export const adminMode: Check = ({ user, token, adminProbe }) => {
  if (valueOf(user)?.isAdmin === false) {
    return skip('Only for administrators.');
  }
  const error = errorOf(adminProbe);
  if (error) {
    return unanswered("An administrator's page", error);
  }
  const works = valueOf(adminProbe);
  if (works === null) {
    return null;
  }
  if (works) {
    return pass("GitLab answers an administrator's call.");
  }
  return valueOf(token)?.scopes.includes('admin_mode')
    ? warn(
        "GitLab refuses an administrator's call though the token has the scope admin_mode.",
        'Check that the account is still an administrator.',
      )
    : warn(
        "GitLab has Admin Mode on and the token lacks the scope admin_mode, so it has no administrator's rights.",
        'Make the token with the scopes api and admin_mode, or rely on group memberships alone.',
      );
};
