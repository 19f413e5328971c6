import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisConfig } from '../config-pieces.ts';
import type { Logger } from '../logger.ts';

export interface RedisOptions {
  readonly config: RedisConfig;
  readonly log: Logger;
  /** Shown by the server as the client's name. */
  readonly name: string;
}

const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** A connection on which nothing comes back for so long is dead: without this, TCP itself takes a quarter of an hour. */
const SILENCE_TIMEOUT_MS = 3_000;
const MAX_RECONNECT_PAUSE_MS = 2_000;

/**
 * Connects to Redis or Valkey. It reconnects for ever, but no command waits: one that cannot be sent, or is not
 * answered within a second, fails, and the caller decides what that means.
 */
export function connectRedis({ config, log, name }: RedisOptions): Redis {
  const redis = new Redis({
    host: config.REDIS_HOST,
    port: config.REDIS_PORT,
    connectionName: name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    enableAutoPipelining: true,
    ...secrets(config),
    retryStrategy: (attempt) => {
      // Read again: a rotated password is taken up by the next connection.
      Object.assign(redis.options, readAgain(config, log));
      return Math.min(MAX_RECONNECT_PAUSE_MS, 50 * 2 ** Math.min(attempt, 10));
    },
    // A server that became a replica, or that rejects an old password, is left for a new connection.
    reconnectOnError: (error) => (/^(?:READONLY|NOAUTH|WRONGPASS)/.test(error.message) ? 2 : false),
  });
  redis.on('error', (error: Error) => log.warn({ error }, 'the cache connection broke'));
  return redis;
}

type Secrets = Pick<Redis['options'], 'username' | 'password' | 'tls'>;

function readAgain(config: RedisConfig, log: Logger): Secrets {
  try {
    return secrets(config);
  } catch (error) {
    log.warn({ error }, 'the cache credentials could not be read again');
    return {};
  }
}

function secrets(config: RedisConfig): Secrets {
  const read = (name: string): string => readFileSync(join(config.REDIS_CREDENTIALS_DIR, name), 'utf8').trimEnd();
  return { username: read('username'), password: read('password'), ...tls(config) };
}

function tls(config: RedisConfig): Pick<Redis['options'], 'tls'> {
  if (config.REDIS_TLS_MODE === 'disable') return {};
  const ca = config.REDIS_TLS_CA_FILE === undefined ? {} : { ca: readFileSync(config.REDIS_TLS_CA_FILE) };
  return { tls: { ...ca, rejectUnauthorized: true } };
}
