import { readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import { readCredentials } from '@genai-platform/common';
import type { AuthConfig } from '../config.ts';
import type { Mail } from '../store/outbox.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 20_000;

/** Hands mails to an SMTP server. */
export class MailServer {
  readonly #config: AuthConfig;

  constructor(config: AuthConfig) {
    this.#config = config;
  }

  /** One connection a mail: the credentials of the moment. @throws when the server does not take it */
  async send({ recipient, subject, text }: Mail): Promise<void> {
    const { AUTH_SMTP_HOST, AUTH_SMTP_PORT, AUTH_SMTP_SECURITY, AUTH_SMTP_FROM } = this.#config;
    const { AUTH_SMTP_CREDENTIALS_DIR: folder, AUTH_SMTP_CA_FILE: authority } = this.#config;
    const credentials = folder && (await readCredentials(folder));
    const transport = createTransport({
      host: AUTH_SMTP_HOST,
      port: AUTH_SMTP_PORT,
      secure: AUTH_SMTP_SECURITY === 'tls',
      requireTLS: AUTH_SMTP_SECURITY === 'starttls',
      ignoreTLS: AUTH_SMTP_SECURITY === 'none',
      ...(authority !== undefined && { tls: { ca: await readFile(authority, 'utf8') } }),
      ...(credentials && { auth: { user: credentials.username, pass: credentials.password } }),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: ANSWER_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      await transport.sendMail({ from: AUTH_SMTP_FROM, to: recipient, subject, text });
    } finally {
      transport.close();
    }
  }
}
