import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { locateDatabasePrograms } from '@genai-platform/common/testing';
import { SMTPServer } from 'smtp-server';

// A certificate for 127.0.0.1 that the tests' servers share.
const { caFile, certFile, keyFile } = locateDatabasePrograms().tls;

export const MAIL_LOGIN = { username: 'mailer', password: 'pass-of-the-mailer' };

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | undefined;
  /** Headers and text, with lines joined that were too long for the wire. */
  readonly text: string;
}

/** A real SMTP server that keeps what it was given. */
export interface MailReceiver {
  readonly port: number;
  readonly caFile: string;
  readonly mails: readonly ReceivedMail[];
  /** While set, every mail is refused so. */
  refuse(reply: { code: number; text: string } | undefined): void;
  close(): Promise<void>;
}

export async function startMailReceiver({ startTls = true, port = 0 } = {}): Promise<MailReceiver> {
  const mails: ReceivedMail[] = [];
  let refusal: { code: number; text: string } | undefined;
  const server = new SMTPServer({
    key: readFileSync(keyFile),
    cert: readFileSync(certFile),
    disabledCommands: startTls ? [] : ['STARTTLS'],
    allowInsecureAuth: false,
    onAuth: ({ username, password }, _session, done) => {
      const right = username === MAIL_LOGIN.username && password === MAIL_LOGIN.password;
      done(right ? null : new Error('wrong login'), { user: username });
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusal !== undefined) return done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
        const text = Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, secure: session.secure, user: session.user as string | undefined, text });
        done();
      });
    },
  });
  // A client that breaks off is part of the tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    caFile,
    mails,
    refuse: (reply) => void (refusal = reply),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
