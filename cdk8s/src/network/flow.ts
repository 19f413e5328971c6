/** One end of a connection. */
export type Party =
  | { readonly kind: 'workload'; readonly workload: string }
  | { readonly kind: 'pods'; readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'namespaces'; readonly names: readonly string[] }
  | { readonly kind: 'networks'; readonly cidrs: readonly string[] }
  /** Everything but private networks and pods. */
  | { readonly kind: 'internet' }
  | { readonly kind: 'anyone' };

/** A kind of connection that is allowed; everything that is no flow is denied. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly port: number;
}
