import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { openTarget } from '../setup.ts';
import type { Target } from '../setup.ts';
import { createCaller } from './http.ts';
import type { Answer, Caller } from './http.ts';
import { numberAt, record, rows, textAt } from './json.ts';
import { eventually } from './poll.ts';
import { asSource, must, OWNER } from './things.ts';
import type { GroupOptions, Person, Source } from './things.ts';

export { DEVELOPER, GUEST, MAINTAINER, must, OWNER, PLANNER, REPORTER } from './things.ts';
export type { GroupOptions, Person, Source } from './things.ts';

const HOOK_TIMEOUT_MS = 180_000;
const DAY_MS = 86_400_000;

/**
 * Everything a test file makes in GitLab, and its removal. Names carry a random suffix, all groups hang below one root
 * group of the file, and `stop` removes what was made in reverse order, also when tests failed.
 */
export class World {
  readonly suffix = `gatehouse-contract-${randomBytes(4).toString('hex')}`;
  #target: Target | undefined;
  #root: Source | undefined;
  #enterprise = false;
  #version = '';
  #made = 0;
  readonly #undo: (() => Promise<Answer>)[] = [];

  async start(): Promise<void> {
    this.#target = await openTarget();
    const metadata = await this.admin.get('/metadata');
    this.#enterprise = record(metadata.json)['enterprise'] === true;
    this.#version = textAt(metadata.json, 'version');
    this.#root = await this.group('root');
  }

  /** Removes users first, so that nobody is left owning what goes with the groups. */
  async stop(): Promise<void> {
    const left: string[] = [];
    for (const undo of this.#undo.reverse()) {
      try {
        const answer = await undo();
        if (answer.status >= 400 && answer.status !== 404)
          left.push(`${String(answer.status)} ${answer.text.slice(0, 120)}`);
      } catch (error) {
        left.push(String(error));
      }
    }
    if (left.length > 0) process.stdout.write(`contract: left behind below ${this.suffix}: ${left.join(' | ')}\n`);
    await this.#target?.close();
  }

  get url(): string {
    return this.#running().url;
  }

  get admin(): Caller {
    return this.with(this.#running().adminToken);
  }

  get anonymous(): Caller {
    return createCaller(this.url, {});
  }

  get root(): Source {
    if (this.#root === undefined) throw new Error('the world has not started');
    return this.#root;
  }

  /** True on the Enterprise code base, licensed or not. */
  get enterprise(): boolean {
    return this.#enterprise;
  }

  /** True from this version on: some of the contract is younger than 18.0. */
  since(major: number, minor: number): boolean {
    const [ownMajor = 0, ownMinor = 0] = this.#version.split('.').map(Number);
    return ownMajor > major || (ownMajor === major && ownMinor >= minor);
  }

  /** A visibility that lets everybody who signs in see a top-level group; instances may restrict one or the other. */
  async openVisibility(): Promise<'internal' | 'public'> {
    const settings = await this.admin.get('/application/settings');
    const restricted = settings.status === 200 ? record(settings.json)['restricted_visibility_levels'] : [];
    return Array.isArray(restricted) && restricted.includes('internal') ? 'public' : 'internal';
  }

  /** A caller with this token in `PRIVATE-TOKEN`. */
  with(token: string): Caller {
    return createCaller(this.url, { 'private-token': token });
  }

  /** A new person, with an `api` token unless other scopes are named. */
  async person(label: string, scopes: readonly string[] = ['api']): Promise<Person> {
    const username = this.unique(label);
    const name = `Contract ${label}`;
    const email = `${username}@example.com`;
    const made = await must(
      201,
      this.admin.post('/users', {
        email,
        username,
        name,
        force_random_password: true,
        skip_confirmation: true,
        external: false,
      }),
    );
    const id = numberAt(made.json, 'id');
    this.#undo.push(() => this.admin.delete(`/users/${String(id)}`, { hard_delete: true }));
    const token = await this.token(id, scopes);
    return { id, username, name, email, token, call: this.with(token) };
  }

  /** The value of a new personal access token. */
  async token(userId: number, scopes: readonly string[], expiresAt = this.day(30)): Promise<string> {
    return textAt((await this.tokenRow(userId, scopes, expiresAt)).json, 'token');
  }

  /** A new personal access token, whole. */
  async tokenRow(userId: number, scopes: readonly string[], expiresAt = this.day(30)): Promise<Answer> {
    const body = { name: this.unique('token'), scopes, expires_at: expiresAt };
    return must(201, this.admin.post(`/users/${String(userId)}/personal_access_tokens`, body));
  }

  /** A new group; without a parent it is a group of its own, removed with the world. */
  async group(
    label: string,
    { parent, visibility = 'private', by = this.admin, extra = {} }: GroupOptions = {},
  ): Promise<Source> {
    const path = this.unique(label);
    const made = await must(
      201,
      by.post('/groups', {
        name: path,
        path,
        visibility,
        ...(parent === undefined ? {} : { parent_id: parent.id }),
        ...extra,
      }),
    );
    const source = asSource('Group', made.json);
    if (parent === undefined) this.#undo.push(() => this.#removeGroup(source.path));
    return source;
  }

  /** A new project of a group. It has no repository. */
  async project(
    label: string,
    group: Source,
    { visibility = 'private', by = this.admin, extra = {} }: GroupOptions = {},
  ): Promise<Source> {
    const path = this.unique(label);
    const made = await must(
      201,
      by.post('/projects', { name: path, path, namespace_id: group.id, visibility, ...extra }),
    );
    return asSource('Project', made.json);
  }

  /** Adds a direct member with the administrator's right. */
  async member(source: Source, person: Pick<Person, 'id'>, level: number, expiresAt?: string): Promise<Answer> {
    const body = {
      user_id: person.id,
      access_level: level,
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    };
    return must(201, this.admin.post(`${source.path}/members`, body));
  }

  /** Waits until these people can read the source: project access is recalculated in the background. */
  async canRead(source: Source, ...people: readonly Person[]): Promise<void> {
    for (const person of people) {
      await must(
        200,
        eventually(
          () => person.call.get(source.path),
          (answer) => answer.status === 200,
        ),
      );
    }
  }

  /** Waits until these people are members of the project in force, also of one that everybody may read. */
  async inForce(project: Source, ...people: readonly Person[]): Promise<void> {
    for (const { username } of people) {
      const ask = () => this.admin.get(`${project.path}/users`, { search: username });
      await must(
        200,
        eventually(ask, ({ json }) => rows(json).length > 0),
      );
    }
  }

  /** A group whose only Owner, and only direct member, is `owner`. */
  async ownedGroup(label: string, owner: Person, options: GroupOptions = {}): Promise<Source> {
    const source = await this.group(label, options);
    await this.member(source, owner, OWNER);
    const admin = await must(200, this.admin.get('/user'));
    await must(
      204,
      this.admin.delete(`${source.path}/members/${String(numberAt(admin.json, 'id'))}`, { skip_subresources: true }),
    );
    return source;
  }

  /** A name nobody else has. */
  unique(label: string): string {
    this.#made += 1;
    return `${this.suffix}-${label}-${String(this.#made)}`;
  }

  /** The date this many days from the instance's own now, in UTC, as GitLab writes dates. */
  day(offsetDays: number): string {
    const nowMs = this.#root?.createdAt.getTime() ?? Date.now();
    return new Date(nowMs + offsetDays * DAY_MS).toISOString().slice(0, 10);
  }

  /** Has `undo` called when the world stops. */
  cleanUp(undo: () => Promise<Answer>): void {
    this.#undo.push(undo);
  }

  /** Marks the group for deletion and, where the instance lets it, removes it at once. */
  async #removeGroup(path: string): Promise<Answer> {
    const marked = await this.admin.delete(path);
    const now = await this.admin.get(path, { with_projects: false });
    if (now.status !== 200) return marked;
    await this.admin.delete(path, { permanently_remove: true, full_path: textAt(now.json, 'full_path') });
    return marked;
  }

  #running(): Target {
    if (this.#target === undefined) throw new Error('the world has not started');
    return this.#target;
  }
}

/** A world for the test file that calls this: started before its tests, cleaned up after them. */
export function openWorld(): World {
  const world = new World();
  jest.setTimeout(HOOK_TIMEOUT_MS);
  beforeAll(() => world.start(), HOOK_TIMEOUT_MS);
  afterAll(() => world.stop(), HOOK_TIMEOUT_MS);
  return world;
}
