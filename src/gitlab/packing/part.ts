import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode } from 'graphql';
import type { z } from 'zod';
import type { GitLabError } from '../errors.ts';
import { unreadable } from '../parse/rest.ts';
import { complexity } from './cost.ts';
import { withoutAbsent } from './merge.ts';

/** An error of a GraphQL answer; `path` is below the part's own root field, which is its first element. */
export type PartError = { path: readonly (string | number)[]; error: GitLabError };

/** One operation that can share a request with others. */
export type Part = {
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
  /** GitLab's complexity points. */
  readonly points: number;
  /** Rows below rows, at most: what makes a request slow beyond its points. */
  readonly rows: number;
  /** Takes the answer. An error means that the answer as a whole is of no use; then it is split, or failed with that. */
  settle(data: Record<string, unknown>, errors: readonly PartError[]): GitLabError | null;
  fail(error: GitLabError): void;
  /** The same question in smaller pieces; empty if it cannot be divided. */
  split(): Part[];
  /** It only fills a request up, and whatever becomes of it concerns nobody. */
  readonly isFiller?: boolean;
};

export type PartSpec<TData, TVariables extends Record<string, unknown>, TParsed> = {
  document: TypedDocumentNode<TData, TVariables>;
  variables: TVariables;
  /** Its input is held against the operation's type by the compiler, the answer against it at run time. */
  schema: z.ZodType<TParsed, TData>;
  rows?: number;
  settle(parsed: TParsed, errors: readonly PartError[]): GitLabError | null;
  fail(error: GitLabError): void;
  split?: () => Part[];
};

/** A part whose answer is parsed before it is taken. */
export function part<TData, TVariables extends Record<string, unknown>, TParsed>(
  spec: PartSpec<TData, TVariables, TParsed>,
): Part {
  return {
    document: withoutAbsent(spec.document, spec.variables),
    variables: spec.variables,
    points: complexity(spec.document, spec.variables),
    rows: spec.rows ?? 0,
    settle: (data, errors) => {
      const parsed = spec.schema.safeParse(data);
      if (parsed.success) return spec.settle(parsed.data, errors);
      return errors[0]?.error ?? unreadable('GraphQL answer', parsed.error);
    },
    fail: (error) => {
      spec.fail(error);
    },
    split: spec.split ?? (() => []),
  };
}
