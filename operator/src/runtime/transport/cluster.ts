import type { SecureContextOptions } from 'node:tls';

/** TLS settings of new connections; read again for each, so that rotated files take effect. */
export interface TlsSettings extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Where an API server is and how to prove who we are. */
export interface Cluster {
  /** `https://host:port`, without a path. */
  readonly server: URL;
  /** The pod's or the context's namespace. */
  readonly namespace: string;
  tls(): TlsSettings;
  /** Headers of every request; cheap, because it is asked for each. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Called on 401: the next `headers()` and `tls()` must not answer from memory. */
  invalidate(): void;
}
