import type { MembersQuery } from '../client.ts';
import { isNumericId } from '../parse/gid.ts';
import { chunks } from './results.ts';

/** One field of a query that answers several questions: the same list below each of its parents. */
export type MembersField = {
  kind: 'group' | 'project';
  relations: MembersQuery['relations'];
  parents: readonly string[];
  search: string | null;
  /** Everybody that any of the questions asks for; each takes its own out of the answer. */
  userIds: readonly string[] | null;
  first: number;
  after: string | null;
  questions: readonly MembersQuery[];
};

/** How large a field may be: the rows that it may bring, and the points that one with so many parents costs. */
export type FieldLimits = {
  rows: number;
  points: number;
  rowsOf: (question: MembersQuery) => number;
  pointsOf: (field: MembersField, parents: number) => number;
};

/** GitLab gives no more parents in one page (docs/gitlab.md §GraphQL pages). */
const PARENTS = 100;
const PEOPLE = 100;
/** A parent is work also where it has no rows. */
const PARENT_ROWS = 10;
/** Rows that one field may bring beyond those asked for, to save others: it looks for everybody below every parent. */
const SPARE_FACTOR = 4;

/** Rows that a field's answer may have, and what its parents weigh. */
export function weightOf(field: MembersField, limits: Pick<FieldLimits, 'rowsOf'>): number {
  if (field.userIds !== null) return field.parents.length * (field.userIds.length + PARENT_ROWS);
  return field.questions.reduce((sum, question) => sum + limits.rowsOf(question) + PARENT_ROWS, 0);
}

function fieldOf(questions: readonly MembersQuery[]): MembersField[] {
  const [sample] = questions;
  if (sample === undefined) return [];
  const { kind, relations, search, userIds, first, after } = sample;
  return [{ kind, relations, search, userIds, first, after, parents: parentsOf(questions), questions }];
}

function parentsOf(questions: readonly MembersQuery[]): string[] {
  return [...new Set(questions.map(({ id }) => id))];
}

function peopleOf(questions: readonly MembersQuery[]): string[] {
  return [...new Set(questions.flatMap(({ userIds }) => userIds ?? []))].filter(isNumericId).sort();
}

/** Whether the answer is complete in one page, whoever else is asked for with them. */
function isAboutPeople({ userIds, search, after, first }: MembersQuery): boolean {
  return userIds !== null && search === null && after === null && userIds.length <= first && userIds.length <= PEOPLE;
}

/** One field that looks for everybody below every parent of these questions. */
function everybody(questions: readonly MembersQuery[]): MembersField[] {
  const userIds = peopleOf(questions);
  return fieldOf(questions).map((field) => ({ ...field, userIds, first: userIds.length }));
}

/** Ways to spread questions about people over fields: by the people, by the parents, or all in one. */
function ways(questions: readonly MembersQuery[]): MembersField[][] {
  const byPeople = Map.groupBy(questions, (question) => peopleOf([question]).join());
  const byParent = [...Map.groupBy(questions, ({ id }) => id).values()];
  const likeParents = Map.groupBy(byParent, (own) => peopleOf(own).join());
  return [
    [...byPeople.values()].flatMap(everybody),
    [...likeParents.values()].flatMap((some) => everybody(some.flat())),
    everybody(questions),
  ];
}

function peopleFields(questions: readonly MembersQuery[], limits: FieldLimits): MembersField[] {
  const asked = questions.reduce((sum, question) => sum + (question.userIds?.length ?? 0), 0);
  const [byPeople = [], ...others] = ways(questions);
  let best = byPeople;
  for (const fields of others) {
    const found = fields.reduce((sum, { parents, userIds }) => sum + parents.length * (userIds?.length ?? 0), 0);
    const isFair = found <= SPARE_FACTOR * asked && found <= limits.rows;
    if (isFair && fields.length < best.length && fields.every(({ first }) => first <= PEOPLE)) best = fields;
  }
  return best;
}

/** A field in pieces that each keep to the limits, as far as parents can be told apart. */
function cut(field: MembersField, limits: FieldLimits): MembersField[] {
  let most = PARENTS;
  while (most > 1 && limits.pointsOf(field, Math.min(most, field.parents.length)) > limits.points) {
    most = Math.ceil(most / 2);
  }
  const pieces: MembersField[] = [];
  for (const own of Map.groupBy(field.questions, ({ id }) => id).values()) {
    const piece = { ...field, questions: own, parents: parentsOf(own) };
    const last = pieces.at(-1);
    if (
      last === undefined ||
      last.parents.length >= most ||
      weightOf(last, limits) + weightOf(piece, limits) > limits.rows
    ) {
      pieces.push(piece);
    } else {
      pieces[pieces.length - 1] = {
        ...last,
        questions: [...last.questions, ...own],
        parents: [...last.parents, ...piece.parents],
      };
    }
  }
  return pieces;
}

/** The field's two halves; empty if it has one parent only. */
export function halvesOf(field: MembersField): MembersField[] {
  if (field.parents.length < 2) return [];
  return chunks(field.parents, Math.ceil(field.parents.length / 2)).map((parents) => {
    const own = new Set(parents);
    return { ...field, parents, questions: field.questions.filter(({ id }) => own.has(id)) };
  });
}

/** Questions with equal arguments share a field; one with a cursor has its own, for a cursor belongs to one list. */
function shapeOf({ kind, relations, first, search, userIds, after }: MembersQuery, index: number): string {
  return JSON.stringify([kind, relations, first, search, userIds, after === null ? null : index]);
}

/** Spreads questions over few fields, each within the limits; every question is in exactly one. */
export function fieldsFor(questions: readonly MembersQuery[], limits: FieldLimits): MembersField[] {
  const [people, lists]: [MembersQuery[], MembersQuery[]] = [[], []];
  for (const question of questions) (isAboutPeople(question) ? people : lists).push(question);
  const kinds = Map.groupBy(people, ({ kind, relations }) => JSON.stringify([kind, relations]));
  const shapes = new Map<string, MembersQuery[]>();
  lists.forEach((question, index) => {
    const shape = shapeOf(question, index);
    const own = shapes.get(shape) ?? [];
    own.push(question);
    shapes.set(shape, own);
  });
  return [
    ...[...kinds.values()].flatMap((some) => peopleFields(some, limits)),
    ...[...shapes.values()].flatMap(fieldOf),
  ].flatMap((field) => cut(field, limits));
}
