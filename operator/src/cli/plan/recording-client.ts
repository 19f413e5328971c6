import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, LiveObject, ObjectRef, ResourceKind } from '../../runtime/index.ts';
import { keyOf } from '../../runtime/index.ts';
import type { ApplyRequest, CallContext, DeleteRequest } from '../../runtime/object-client.ts';
import { ObjectClient } from '../../runtime/object-client.ts';
import { kindText } from '../../runtime/resource-kind.ts';
import type { Transport } from '../../runtime/transport/transport.ts';
import { asReady } from './ready-state.ts';

/** One write that would have been stored. */
export interface Write {
  readonly verb: 'create' | 'update' | 'delete';
  readonly ref: ObjectRef;
  /** As it is, or as an earlier write would have left it. */
  readonly before?: LiveObject;
  readonly after?: LiveObject;
}

const GONE = 'gone';

/**
 * Asks the API server to do everything and to store nothing (`dryRun=All`): admission, validation and merging are the
 * real ones. What would have been stored is remembered, so that whoever reads after writing sees it.
 */
export class RecordingClient extends ObjectClient {
  readonly writes: Write[] = [];
  readonly #unstored = new Map<string, LiveObject | typeof GONE>();
  /** Above every version that a server will ever give: nothing that is read can be newer. */
  #version = 2 ** 52;

  constructor(transport: Transport, fieldManager: string) {
    super(transport, fieldManager, { dryRun: true });
  }

  /** Has everybody believe that an object is so. */
  pretend(ref: ObjectRef, object: LiveObject): void {
    this.#unstored.set(textOf(ref), object);
  }

  override async get<T extends KubeObject>(ref: ObjectRef<T>, signal: AbortSignal): Promise<LiveObject<T> | undefined> {
    const known = this.#unstored.get(textOf(ref));
    if (known === GONE) return undefined;
    return known ? (known as LiveObject<T>) : super.get(ref, signal);
  }

  override async create<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: T,
    context: CallContext,
  ): Promise<LiveObject<T>> {
    const made = await super.create(kind, object, context);
    return this.#stored({ verb: 'create', ref: { kind, ...keyOf(object) }, after: made }) as LiveObject<T>;
  }

  override async apply<T extends KubeObject>(
    ref: ObjectRef<T>,
    body: KubeObject,
    request: ApplyRequest,
    context: CallContext,
  ): Promise<{ readonly object: LiveObject<T>; readonly created: boolean }> {
    const before = await this.get(ref, context.signal);
    const known = this.#unstored.has(textOf(ref));
    const reply = await super.apply<T>(ref, known ? withoutIdentity(body) : body, request, context);
    if (before && isSame(before, reply.object)) return { object: before, created: false };
    const after = known && before ? withUid(reply.object, before.metadata.uid) : reply.object;
    const object = this.#stored({ verb: before ? 'update' : 'create', ref, ...(before && { before }), after });
    return { object: object as LiveObject<T>, created: !before };
  }

  override async delete(ref: ObjectRef, request: DeleteRequest, context: CallContext): Promise<LiveObject | 'gone'> {
    const before = await this.get(ref, context.signal);
    if (before?.metadata.uid !== request.uid) return 'gone';
    if (!this.#unstored.has(textOf(ref))) await super.delete(ref, request, context);
    this.#unstored.set(textOf(ref), GONE);
    this.writes.push({ verb: 'delete', ref, before });
    return 'gone';
  }

  #stored({ after, ...write }: Write & { readonly after: LiveObject }): LiveObject {
    this.#version += 1;
    const settled = asReady(after);
    const object = { ...settled, metadata: { ...settled.metadata, resourceVersion: String(this.#version) } };
    this.#unstored.set(textOf(write.ref), object);
    this.writes.push({ ...write, after: object });
    return object;
  }
}

function textOf({ kind, namespace, name }: ObjectRef): string {
  return `${kindText(kind)} ${namespace}/${name}`;
}

/** What a dry run made has no UID that the server knows. */
function withoutIdentity(body: KubeObject): KubeObject {
  const { uid: _uid, resourceVersion: _version, ...metadata } = body.metadata;
  return { ...body, metadata };
}

function withUid<T extends KubeObject>(object: LiveObject<T>, uid: string): LiveObject<T> {
  return { ...object, metadata: { ...object.metadata, uid } };
}

/** Whether storing it would be no write: the API server leaves out an update that changes nothing. */
function isSame(before: LiveObject, after: LiveObject): boolean {
  return isDeepStrictEqual(stated(before), stated(after));
}

function stated({ metadata, ...rest }: LiveObject): unknown {
  const { status: _status, ...content } = rest as { status?: unknown };
  const { name, labels, annotations, ownerReferences, finalizers } = metadata;
  return { ...content, metadata: { name, labels, annotations, ownerReferences, finalizers } };
}
