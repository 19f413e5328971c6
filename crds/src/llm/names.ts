import type { z } from 'zod';
import { text } from '../schema/text.ts';

/** The name of a provider; volumes and folders are named after it. */
export function providerName(): z.ZodString {
  return text({
    max: 32,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    message: 'must be lower case letters, digits and "-", for example openai',
  });
}

/** A model by the name that a provider, or a request, gives it. */
export function modelName(): z.ZodString {
  return text({
    max: 256,
    pattern: /^[A-Za-z0-9][-A-Za-z0-9._:/@+]*$/,
    message: 'must be the name of a model: letters, digits, "-", "_", ".", ":", "/", "@" and "+"',
  });
}

/** A tenant, as accounts and identity tokens name it. */
export function tenantName(): z.ZodString {
  return text({ max: 256, pattern: /^[^\s]+$/, message: 'must be the name of a tenant, without spaces' });
}
