/** One real request to one workload, and what its answer must look like. */
export interface ProbeRequest {
  /** Scheme, host and port, for example `http://acme-search.acme.svc:8004`. */
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expect: { readonly status: number; readonly bodyIncludes?: string };
}

/** How it went; `message` says in plain words what was wrong, without any credential or tenant content. */
export type ProbeResult =
  { readonly answered: true; readonly latencyMs: number } | { readonly answered: false; readonly message: string };

/**
 * Asks a workload one question. Never throws for what the workload or the network does: that is its result.
 * Bounded in time by itself; `signal` ends it earlier, with a throw.
 */
export interface Prober {
  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult>;
}
