import pg from 'pg';
import type { DatabaseConfig } from '../config-pieces.ts';
import { readCredentials, readCredentialsFile } from './credentials.ts';

interface Internals {
  user: string;
  password: string;
  connectionParameters: { user: string };
}

/**
 * A class of connections that read user, password and CA from their files when they connect, so that all three can
 * rotate under a running process. (pg itself can renew a password, but not the user that it belongs to.)
 */
export function connectionClass(config: DatabaseConfig): typeof pg.Client {
  return class extends pg.Client {
    readonly #tls: { rejectUnauthorized: boolean; ca?: string } | false;

    constructor(options?: pg.ClientConfig) {
      const tls = config.DATABASE_TLS_MODE === 'verify-full' && { rejectUnauthorized: true };
      super({ ...options, ssl: tls });
      this.#tls = tls;
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
      const loaded = this.#load();
      if (callback === undefined) return loaded.then(() => super.connect());
      loaded.then(() => super.connect(callback), callback);
    }

    async #load(): Promise<void> {
      const { username, password } = await readCredentials(config.DATABASE_CREDENTIALS_DIR);
      const self = this as unknown as Internals;
      self.user = username;
      self.password = password;
      self.connectionParameters.user = username;
      const caFile = config.DATABASE_TLS_CA_FILE;
      if (this.#tls !== false && caFile !== undefined) this.#tls.ca = await readCredentialsFile(caFile);
    }
  };
}

/** Where and how to connect; the credentials come with each connection. (pg knows `pipeline`, its types do not.) */
export function connectionOptions(
  config: DatabaseConfig,
  applicationName: string,
  pipeline: boolean = false,
): pg.ClientConfig & { pipeline: boolean } {
  return {
    pipeline,
    host: config.DATABASE_HOST,
    port: config.DATABASE_PORT,
    database: config.DATABASE_NAME,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: 3_000,
  };
}
