import type { Eraser, Identity, Logger, Postgres } from '@genai-platform/common';
import type { Encoder } from '../engines/encoder.ts';
import { cacheKey } from './cache-key.ts';
import type { CachedAnswer } from './answer-cache.ts';

export interface SemanticCacheOptions {
  readonly db: Postgres;
  readonly encoder: Pick<Encoder, 'encode'>;
  /** Cosine from which on two questions are the same. */
  readonly threshold: number;
  readonly ttlSeconds: number;
  /** Only these tenants; all where absent. */
  readonly tenants?: readonly string[] | undefined;
  readonly log: Logger;
}

export interface SimilarAnswer extends CachedAnswer {
  readonly similarity: number;
}

/** A question that can be compared: its vector, and a digest of everything else in its request. */
export interface Question {
  readonly fingerprint: string;
  readonly vector: string;
}

/** What OpenAI's and Anthropic's conversations have in common. */
interface Conversation {
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly unknown[] | null | undefined;
  readonly n?: unknown;
}

export interface AskedConversation {
  readonly operation: string;
  readonly request: Conversation;
}

/** Of each tenant and fingerprint; older ones go. */
const MOST_KEPT = 1_000;

/**
 * Answers to questions that mean the same, in PostgreSQL: one tenant's alone, and only where everything but the last
 * question of the conversation is equal. Those few are compared one by one: no index could leave any out.
 */
export class SemanticCache {
  readonly #options: SemanticCacheOptions;

  constructor(options: SemanticCacheOptions) {
    this.#options = options;
  }

  /** Nothing for a tenant that did not opt in, and for what is no plain question. */
  async question(
    tenant: string,
    { operation, request }: AskedConversation,
    signal: AbortSignal,
  ): Promise<Question | undefined> {
    const { tenants, encoder, log } = this.#options;
    if (tenants?.includes(tenant) === false) return undefined;
    const text = plainQuestion(request);
    if (text === undefined) return undefined;
    try {
      const { vectors } = await encoder.encode([text], signal);
      const fingerprint = cacheKey(operation, { ...request, messages: request.messages.slice(0, -1) });
      return { fingerprint, vector: `[${vectors.join(',')}]` };
    } catch (error) {
      signal.throwIfAborted();
      log.debug({ error }, 'a question could not be compared');
      return undefined;
    }
  }

  async find(who: Pick<Identity, 'tenant' | 'subject'>, question: Question): Promise<SimilarAnswer | undefined> {
    const { db, threshold, log } = this.#options;
    const sql = `
      SELECT target, reply AS text, 1 - (vector <=> $3) AS similarity FROM semantic_answers
      WHERE tenant = $1 AND fingerprint = $2 AND expires_at > now() ORDER BY vector <=> $3 LIMIT 1`;
    try {
      const [row] = await db.rows<{ target: string; text: string; similarity: number }>(
        { identity: who, readOnly: true, statementTimeoutMs: 1_000 },
        sql,
        [who.tenant, question.fingerprint, question.vector],
      );
      return row !== undefined && row.similarity >= threshold ? row : undefined;
    } catch (error) {
      log.warn({ error }, 'the semantic cache does not answer: requests go on without it');
      return undefined;
    }
  }

  /** Nobody waits for it. */
  keep(who: Pick<Identity, 'tenant' | 'subject'>, question: Question, { target, text }: CachedAnswer): void {
    const { db, ttlSeconds, log } = this.#options;
    const work = db.withTransaction({ identity: who }, async (tx) => {
      await tx.query(
        `INSERT INTO semantic_answers (tenant, subject, fingerprint, vector, target, reply, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))`,
        [who.tenant, who.subject, question.fingerprint, question.vector, target, text, ttlSeconds],
      );
      await tx.query(
        `DELETE FROM semantic_answers WHERE tenant = $1 AND fingerprint = $2 AND (expires_at < now() OR answer IN (
           SELECT answer FROM semantic_answers WHERE tenant = $1 AND fingerprint = $2
           ORDER BY answer DESC OFFSET ${String(MOST_KEPT)}))`,
        [who.tenant, question.fingerprint],
      );
    });
    work.catch((error: unknown) => log.warn({ error }, 'an answer could not be kept for similar questions'));
  }

  readonly erase: Eraser = async (user, signal) => {
    const sql = 'DELETE FROM semantic_answers WHERE tenant = $1 AND subject = $2 RETURNING answer';
    return (await this.#options.db.rows({ identity: user, signal }, sql, [user.tenant, user.subject])).length;
  };
}

/** What the user asked last, where it is a text, and the answer another. */
function plainQuestion({ messages, tools, n }: Conversation): string | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'user' || typeof last.content !== 'string' || last.content === '') return undefined;
  return (tools ?? []).length > 0 || Number(n ?? 1) > 1 ? undefined : last.content;
}
