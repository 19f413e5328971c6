/** The reason of a request's signal when the client has closed the connection before the reply was out. */
export class ClientGone extends Error {
  constructor() {
    super('the client has gone');
    this.name = 'ClientGone';
  }
}

/** Whether an error is only the echo of a client that has gone: nobody is there to be told, and nothing is broken. */
export function isClientGone(error: unknown): boolean {
  return error instanceof ClientGone || (error as { code?: unknown } | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
