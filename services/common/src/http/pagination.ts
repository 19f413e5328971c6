import type { Request } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { Reply } from './reply.ts';

const MAX_LIMIT = 100;

/** The query of a list: how many, and after or before which id. Extend it by filters of your own. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(20).describe('How many at most'),
  after: z.string().min(1).max(256).optional().describe('Continue after the object of this id'),
  before: z.string().min(1).max(256).optional().describe('The objects before the object of this id'),
});
export type PageQuery = z.output<typeof PageQuery>;

/** The schema of a page of `item`. */
export function pageOf<T extends z.ZodType>(item: T): z.ZodObject<PageShape<T>> {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
}

export type PageShape<T extends z.ZodType> = {
  object: z.ZodLiteral<'list'>;
  data: z.ZodArray<T>;
  first_id: z.ZodNullable<z.ZodString>;
  last_id: z.ZodNullable<z.ZodString>;
  has_more: z.ZodBoolean;
};

export interface Page<T> {
  object: 'list';
  data: T[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

export interface PageClause {
  /** `WHERE`-condition; `true` for the first page. */
  readonly condition: string;
  /** `ORDER BY … LIMIT …`: one more than asked for, to know whether there is more. */
  readonly order: string;
  readonly values: readonly string[];
}

/**
 * SQL of a page by the id of its neighbour, so that inserts and deletes move nothing between pages. The ids have to
 * be unique and to sort in the order of the list, as those of `newId` do.
 *
 * @param column trusted SQL, such as `notes.id`
 * @param firstParameter number of the first free `$n`
 */
export function pageClause(
  query: PageQuery,
  column: string,
  { descending = true, firstParameter = 1 }: { descending?: boolean; firstParameter?: number } = {},
): PageClause {
  refuseBothCursors(query);
  const cursor = query.after ?? query.before;
  const downwards = descending !== (query.before !== undefined);
  return {
    condition: cursor === undefined ? 'true' : `${column} ${downwards ? '<' : '>'} $${firstParameter}`,
    order: `ORDER BY ${column} ${downwards ? 'DESC' : 'ASC'} LIMIT ${query.limit + 1}`,
    values: cursor === undefined ? [] : [cursor],
  };
}

function refuseBothCursors(query: PageQuery): void {
  if (query.after !== undefined && query.before !== undefined) {
    throw new AppError('REQUEST_INVALID', {
      status: 400,
      detail: 'after and before exclude each other',
      errors: [{ pointer: '/before', in: 'query', detail: 'cannot be given together with after' }],
    });
  }
}

/**
 * Makes a page of what a `pageClause` has found: OpenAI's list shape, with `Link` headers (RFC 8288).
 *
 * @param found up to `limit + 1` items, in the order of the query
 */
export function pageReply<T extends { id: string }>(
  req: Request,
  query: PageQuery,
  found: readonly T[],
): Reply<Page<T>> {
  const data = found.slice(0, query.limit);
  if (query.before !== undefined) data.reverse();
  const hasMore = found.length > query.limit;
  const page: Page<T> = {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
  const links = pageLinks(req, query, page);
  return new Reply(page, links.length === 0 ? {} : { headers: { link: links.join(', ') } });
}

function pageLinks(req: Request, query: PageQuery, { first_id, last_id, has_more }: Page<unknown>): string[] {
  const link = (name: 'after' | 'before', id: string, rel: string): string => {
    const parameters = new URLSearchParams(req.originalUrl.split('?')[1] ?? '');
    parameters.delete('after');
    parameters.delete('before');
    parameters.set(name, id);
    return `<${req.path}?${parameters.toString()}>; rel="${rel}"`;
  };
  const backwards = query.before !== undefined;
  const links: string[] = [];
  if (last_id !== null && (has_more || backwards)) links.push(link('after', last_id, 'next'));
  if (first_id !== null && (backwards ? has_more : query.after !== undefined))
    links.push(link('before', first_id, 'prev'));
  return links;
}
