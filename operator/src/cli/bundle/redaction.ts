import { redactText } from '@genai-platform/common/core';
import type { Secret } from '../../platform/kinds.ts';
import { decodeSecret } from '../../platform/secrets/secret-data.ts';

const MASK = '[redacted]';
/** Keys whose values are public, or names. */
const OPEN_KEYS = /(^|[-._])(username|ca\.crt|tls\.crt)$|\.crt$|^(rotated|retired)-/;
/** Shorter ones are found in many a word that has nothing to do with them. */
const SHORTEST = 6;

/** Takes the values of Secrets out of texts, in each form in which they may stand there. */
export class Redaction {
  readonly #patterns: readonly string[];

  constructor(secrets: readonly Pick<Secret, 'data'>[]) {
    const values = secrets.flatMap((secret) => Object.entries(decodeSecret(secret)));
    const hidden = values.filter(([key, value]) => !OPEN_KEYS.test(key) && value.length >= SHORTEST);
    const forms = new Set(hidden.flatMap(([, value]) => formsOf(value)).filter((form) => form.length >= SHORTEST));
    // The longest first: one value may be the beginning of another.
    this.#patterns = [...forms].sort((a, b) => b.length - a.length);
  }

  /** The text without them, and without whatever looks like a credential. */
  text(text: string): string {
    let safe = text;
    for (const pattern of this.#patterns) safe = safe.replaceAll(pattern, MASK);
    return redactText(safe);
  }

  /** An object without them: of a Secret only the names of its keys, of an environment no literal under a secret name. */
  object(object: object): unknown {
    return this.#value(isSecret(object) ? { ...object, ...maskedData(object) } : object);
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.#value(each));
    if (typeof value !== 'object' || value === null) return value;
    const hidden = isSecretVariable(value) ? { ...value, value: MASK } : value;
    return Object.fromEntries(Object.entries(hidden).map(([name, field]) => [name, this.#value(field)]));
  }
}

/** As it is, as JSON writes it, as base64 and in URLs; of several lines each, because logs are read line by line. */
function formsOf(value: string): string[] {
  const lines = value.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return [value, value.trim(), ...lines].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    Buffer.from(text).toString('base64url'),
    encodeURIComponent(text),
  ]);
}

interface SecretLike {
  readonly kind: 'Secret';
  readonly data?: object;
  readonly stringData?: object;
}

function isSecret(value: object): value is SecretLike {
  return 'kind' in value && value.kind === 'Secret';
}

function maskedData({ data, stringData }: SecretLike): Pick<SecretLike, 'data' | 'stringData'> {
  return { ...(data && { data: masked(data) }), ...(stringData && { stringData: masked(stringData) }) };
}

function masked(values: object): object {
  return Object.fromEntries(Object.keys(values).map((key) => [key, MASK]));
}

const SECRET_NAME = /(secret|token|passw|api_?key|private_?key|credential)/i;

/** A variable of a container whose name says that its value is secret. */
function isSecretVariable(value: object): boolean {
  return 'name' in value && 'value' in value && typeof value.name === 'string' && SECRET_NAME.test(value.name);
}
