/** The request that proves that a workload works: it has no side effects and reaches what the workload needs. */
export interface Verification {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expect: { readonly status: number; readonly bodyIncludes?: string };
}
