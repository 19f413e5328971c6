import type { KubeObject, LiveObject } from './object.ts';
import { keyOf } from './object.ts';
import type { ObjectRef, ResourceKind } from './resource-kind.ts';
import { apiVersionOf } from './resource-kind.ts';
import type { Status } from './transport/api-error.ts';
import { isConflict, isNotFound } from './transport/api-error.ts';
import type { ObjectList } from './transport/call.ts';
import { mediaTypes } from './transport/call.ts';
import type { Transport } from './transport/transport.ts';

/** What accompanies every call: whose patience it uses and whether it is still allowed. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Checked right before a write is sent; throws `NotLeading`. */
  readonly guard: () => void;
}

export interface ListPage {
  readonly namespace?: string;
  readonly selector?: string;
  readonly limit?: number;
  readonly continue?: string;
}

export interface ApplyRequest {
  readonly force: boolean;
  readonly subresource?: 'status';
}

export interface DeleteRequest {
  readonly uid: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/** What is asked of every write beside itself. */
export interface WriteOptions {
  /** Every write is admitted, validated and answered, and none is stored. */
  readonly dryRun?: boolean;
}

/** The API's verbs on objects. Every write carries the field manager and passes the guard. */
export class ObjectClient {
  readonly #transport: Transport;
  readonly #fieldManager: string;
  readonly #writing: { readonly dryRun?: 'All' };

  constructor(transport: Transport, fieldManager: string, { dryRun = false }: WriteOptions = {}) {
    this.#transport = transport;
    this.#fieldManager = fieldManager;
    this.#writing = dryRun ? { dryRun: 'All' } : {};
  }

  /** The object as it is now (a quorum read), or undefined. */
  async get<T extends KubeObject>(ref: ObjectRef<T>, signal: AbortSignal): Promise<LiveObject<T> | undefined> {
    const { kind, namespace, name } = ref;
    try {
      return (await this.#transport.call<LiveObject<T>>({ verb: 'get', kind, namespace, name, signal })).body;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** One page of a consistent LIST. Items are given the apiVersion and kind that the server leaves out. */
  async list<T extends KubeObject>(kind: ResourceKind<T>, page: ListPage, signal: AbortSignal): Promise<ObjectList<T>> {
    const { namespace, selector, limit } = page;
    const query = { labelSelector: selector, limit, continue: page.continue };
    const place = namespace === undefined ? {} : { namespace };
    const { body } = await this.#transport.call<ObjectList<T>>({
      verb: 'list',
      kind,
      ...place,
      query,
      signal,
      deadlineMs: 60_000,
    });
    const type = { apiVersion: apiVersionOf(kind), kind: kind.kind };
    return { ...body, items: (body.items ?? []).map((item) => ({ ...item, ...type })) };
  }

  /** @throws ApiError AlreadyExists */
  async create<T extends KubeObject>(kind: ResourceKind<T>, object: T, context: CallContext): Promise<LiveObject<T>> {
    const { namespace } = keyOf(object);
    const query = { fieldManager: this.#fieldManager, ...this.#writing };
    const reply = await this.#transport.call<LiveObject<T>>({
      verb: 'create',
      kind,
      namespace,
      query,
      body: object,
      ...context,
    });
    return reply.body;
  }

  /** Server-side apply. `created` tells whether the object was made by this call. @throws ApiError Conflict */
  async apply<T extends KubeObject>(
    ref: ObjectRef<T>,
    body: KubeObject,
    request: ApplyRequest,
    context: CallContext,
  ): Promise<{ readonly object: LiveObject<T>; readonly created: boolean }> {
    const { kind, namespace, name } = ref;
    const { force, subresource } = request;
    const query = { fieldManager: this.#fieldManager, force, ...this.#writing };
    const place = { kind, namespace, name, ...(subresource && { subresource }) };
    const contentType = mediaTypes.apply;
    const reply = await this.#transport.call<LiveObject<T>>({
      verb: 'apply',
      ...place,
      query,
      body,
      contentType,
      ...context,
    });
    return { object: reply.body, created: reply.status === 201 };
  }

  /** RFC 7386 merge patch; carries a resourceVersion where it replaces a list. */
  async mergePatch<T extends KubeObject>(
    ref: ObjectRef<T>,
    body: object,
    context: CallContext,
  ): Promise<LiveObject<T>> {
    const { kind, namespace, name } = ref;
    const query = { fieldManager: this.#fieldManager, ...this.#writing };
    const contentType = mediaTypes.mergePatch;
    const call = { verb: 'patch', kind, namespace, name, query, body, contentType, ...context } as const;
    return (await this.#transport.call<LiveObject<T>>(call)).body;
  }

  /** Deletes exactly the object with this UID; one that is not there, or is another by now, counts as gone. */
  async delete(ref: ObjectRef, request: DeleteRequest, context: CallContext): Promise<LiveObject | 'gone'> {
    const { kind, namespace, name } = ref;
    const options = { preconditions: { uid: request.uid }, propagationPolicy: request.propagation ?? 'Background' };
    // In the body: where there is one, the API server reads none of these from the query.
    const dryRun = this.#writing.dryRun === undefined ? {} : { dryRun: [this.#writing.dryRun] };
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options, ...dryRun };
    try {
      const reply = await this.#transport.call<LiveObject | Status>({
        verb: 'delete',
        kind,
        namespace,
        name,
        body,
        ...context,
      });
      return 'metadata' in reply.body && reply.body.metadata.uid === request.uid ? reply.body : 'gone';
    } catch (error) {
      if (isNotFound(error)) return 'gone';
      // The UID is the only precondition, but a conflict in the storage below looks the same.
      if (isConflict(error) && (await this.get(ref, context.signal))?.metadata.uid !== request.uid) return 'gone';
      throw error;
    }
  }
}
