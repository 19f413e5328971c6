import type { Request, Response } from 'express';

/** A reply that is ready to be sent, or to be kept and sent again. */
export interface RenderedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | readonly string[]>>;
  /** Absent where there is no body, or where it is a stream. */
  readonly body?: string | Uint8Array;
  /** Sends a body that comes piece by piece. */
  readonly send?: (req: Request, res: Response) => Promise<void>;
}
