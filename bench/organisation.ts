/** How large the organisation is that a workload asks for: `grants` keys, spread evenly over `sources` groups and projects. */
export type Shape = { grants: number; sources: number };

/** Where grant number `index` is, counted from 0, and whether its person has a lower role there already. */
export type Place = { source: number; user: number; raises: boolean };

const perSource = ({ grants, sources }: Shape): number => Math.ceil(grants / sources);

/** One person has about four grants, each at another source. */
export function peopleOf(shape: Shape): number {
  return Math.max(perSource(shape), Math.ceil(shape.grants / 4));
}

/** Goes round the sources, so that what is due within a moment is spread over them. Half raise a role, half add a row. */
export function placeOf(shape: Shape, index: number): Place {
  const [source, round] = [index % shape.sources, Math.floor(index / shape.sources)];
  return {
    source,
    user: (source * perSource(shape) + round) % peopleOf(shape),
    raises: (source + round) % 2 === 1,
  };
}

/** Half of the sources are groups. */
export function kindOf(source: number): 'group' | 'project' {
  return Math.floor(source / 2) % 2 === 0 ? 'group' : 'project';
}

/** Developer before, Maintainer while a grant is in force. */
export const BASE_LEVEL = 30;
export const GRANTED_LEVEL = 40;

/** What the sandbox's process is told, as JSON. */
export type SandboxOrder = { shape: Shape };

/** What it answers, as JSON, when it is ready. */
export type SandboxReady = {
  url: string;
  ownerToken: string;
  ownerId: number;
  sources: { kind: 'group' | 'project'; id: number; fullPath: string }[];
  users: { id: number; username: string }[];
};
