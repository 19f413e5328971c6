import type { Clock, Logger, Metrics, Postgres } from '@genai-platform/common';
import type { SecretBox } from '../domain/secret-box.ts';
import { claimMail, removeMail } from '../store/outbox.ts';
import type { MailServer } from './mail-server.ts';

export interface PostmanOptions {
  readonly database: Postgres;
  readonly box: SecretBox;
  readonly server: Pick<MailServer, 'send'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const LOOK_EVERY_MS = 1_000;
/** Its token has long ended by then. */
const MAX_ATTEMPTS = 12;

/**
 * Brings mails from the outbox to the mail server. Several processes share the work; a mail that fails comes up again,
 * later each time.
 */
export class Postman {
  readonly #options: PostmanOptions;
  readonly #stop = new AbortController();
  readonly #sent: { inc(labels: { result: string }): void };
  #walking: Promise<void> = Promise.resolve();

  constructor(options: PostmanOptions) {
    this.#options = options;
    this.#sent = options.metrics.counter({
      name: 'mails_total',
      help: 'Mails handed to the mail server, and attempts that failed',
      labels: ['result'],
    });
  }

  start(): void {
    this.#walking = this.#walk();
  }

  /** Resolves when the mail that is under way has been brought. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#walking;
  }

  async #walk(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const brought = await this.bringOne();
      if (!brought) await this.#options.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  }

  /** Whether there was one. */
  async bringOne(): Promise<boolean> {
    const { database, box, clock, log, server } = this.#options;
    try {
      const mail = await database.withTransaction({}, (tx) => claimMail(tx, box, new Date(clock.now())));
      if (mail === undefined) return false;
      try {
        await server.send(mail);
        this.#sent.inc({ result: 'sent' });
      } catch (error) {
        this.#sent.inc({ result: 'failed' });
        log.warn({ error, mail: mail.id, attempts: mail.attempts }, 'a mail could not be sent');
        if (mail.attempts < MAX_ATTEMPTS) return true;
      }
      await database.withTransaction({}, (tx) => removeMail(tx, mail.id));
      return true;
    } catch (error) {
      log.warn({ error }, 'the outbox cannot be read');
      return false;
    }
  }
}
