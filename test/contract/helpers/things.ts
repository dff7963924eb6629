import type { Answer, Caller } from './http.ts';
import { numberAt, textAt } from './json.ts';

export const GUEST = 10;
export const PLANNER = 15;
export const REPORTER = 20;
export const DEVELOPER = 30;
export const MAINTAINER = 40;
export const OWNER = 50;

/** A person made for this run. `call` speaks with an `api` token of theirs. */
export interface Person {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly token: string;
  readonly call: Caller;
}

/** A group or project made for this run. `path` is its REST address, e.g. `/groups/7`. */
export interface Source {
  readonly id: number;
  readonly kind: 'Group' | 'Project';
  readonly path: string;
  readonly name: string;
  readonly fullPath: string;
  readonly createdAt: Date;
}

export interface GroupOptions {
  readonly parent?: Source;
  readonly visibility?: 'private' | 'internal' | 'public';
  readonly by?: Caller;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The answer, if it has this status. Throws with the body otherwise: a fixture could not be made. */
export async function must(status: number, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== status)
    throw new Error(`expected ${String(status)}, got ${String(answer.status)}: ${answer.text}`);
  return answer;
}

/** A group or project out of GitLab's own description of it. */
export function asSource(kind: Source['kind'], json: unknown): Source {
  const id = numberAt(json, 'id');
  return {
    id,
    kind,
    path: `/${kind.toLowerCase()}s/${String(id)}`,
    name: textAt(json, 'name'),
    fullPath: textAt(json, kind === 'Group' ? 'full_path' : 'path_with_namespace'),
    createdAt: new Date(textAt(json, 'created_at')),
  };
}
