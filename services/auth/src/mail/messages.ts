import type { Mail } from '../store/outbox.ts';

/** Where links lead. */
export interface Links {
  readonly publicUrl: string;
  readonly passwordResetUrl: string | undefined;
}

const hours = (seconds: number): string => `${Math.round(seconds / 3_600)} hours`;

export function verificationMail(recipient: string, token: string, { publicUrl }: Links, lifetime: number): Mail {
  const link = new URL('/api/auth/verify-email', publicUrl);
  link.searchParams.set('token', token);
  return {
    kind: 'verify-email',
    recipient,
    subject: 'Verify your e-mail address',
    text: lines(
      'Please verify that this address is yours:',
      link.href,
      `The link works once, for ${hours(lifetime)}. If you have not registered, do nothing.`,
    ),
  };
}

export function resetMail(recipient: string, token: string, { passwordResetUrl }: Links, lifetime: number): Mail {
  const link = passwordResetUrl === undefined ? undefined : new URL(passwordResetUrl);
  link?.searchParams.set('token', token);
  return {
    kind: 'reset-password',
    recipient,
    subject: 'Choose a new password',
    text: lines(
      link === undefined ? `With this code you can choose a new password: ${token}` : 'Choose a new password here:',
      ...(link === undefined ? [] : [link.href]),
      `It works once, for ${hours(lifetime)}. If you have not asked for it, do nothing: your password stays as it is.`,
    ),
  };
}

/** To whoever has an account already: the reply to the registration told nothing. */
export function alreadyRegisteredMail(recipient: string): Mail {
  return {
    kind: 'already-registered',
    recipient,
    subject: 'You have an account already',
    text: lines(
      'Somebody, perhaps you, tried to register with this address. You have an account: sign in, or ask for a new password.',
    ),
  };
}

export function passwordChangedMail(recipient: string): Mail {
  return {
    kind: 'password-changed',
    recipient,
    subject: 'Your password has been changed',
    text: lines('Your password has been changed. If that was not you, ask for a new one at once.'),
  };
}

function lines(...paragraphs: string[]): string {
  return `${paragraphs.join('\n\n')}\n`;
}
