import { z } from 'zod';
import { withMeta } from '../schema/rule.ts';
import { dataKey, objectName } from '../schema/text.ts';

/** One key of a Secret of the user's, `usual` unless another is named. */
function secretKey(usual: string): z.ZodObject<{ name: z.ZodString; key: z.ZodOptional<z.ZodString> }> {
  return withMeta(
    z.object({
      name: objectName().describe('Name of the Secret, in the namespace of the platform.'),
      key: dataKey().describe(`Key inside the Secret. Default \`${usual}\`.`).optional(),
    }),
    { 'x-kubernetes-map-type': 'atomic' },
  );
}

const keyFile = (): z.ZodObject<{ secretRef: ReturnType<typeof secretKey> }> =>
  z.object({
    secretRef: secretKey('key').describe(
      'One key per line, base64url of at least 32 bytes; the first one signs or encrypts, all verify or decrypt.',
    ),
  });

const password = (): z.ZodObject<{ secretRef: ReturnType<typeof secretKey> }> =>
  z.object({ secretRef: secretKey('password').describe('The password, of 8 to 512 characters in one line.') });

const bootstrapAdmin = z.object({
  secretRef: withMeta(
    z.object({
      name: objectName().describe('Name of the Secret, in the namespace of the platform.'),
      apiKeyKey: dataKey().describe('Key with the API key. Default `api-key`.').optional(),
      passwordKey: dataKey().describe('Key with the password. Default `password`.').optional(),
    }),
    { 'x-kubernetes-map-type': 'atomic' },
  ).describe('An API key, `gp_` and at least 20 letters, digits, "-" or "_", and a password of 8 to 512 characters.'),
});

/** The workloads with a login at the database, and those with one at the cache; a test compares them with the catalogue. */
const databaseUsers = ['auth', 'formatConversion', 'search', 'llmRouter', 'rag'] as const;
const cacheUsers = ['gateway', 'llmRouter'] as const;

function passwordsOf<N extends string>(
  names: readonly N[],
): z.ZodObject<{ readonly [name in N]: z.ZodOptional<ReturnType<typeof password>> }> {
  const fields = names.map((name) => [name, password().describe(`Password of \`${name}\`.`).optional()] as const);
  return z.object(Object.fromEntries(fields) as { readonly [name in N]: z.ZodOptional<ReturnType<typeof password>> });
}

/** Values that a platform takes from Secrets of the user's in place of generating them. */
export const givenFields = {
  identity: keyFile()
    .describe(
      'The key by which services know each other. A change must keep the key in use, and begin with one that is known ' +
        'already: add the next one in a second line, swap the lines, remove the old one.',
    )
    .optional(),
  authKeys: keyFile().describe('The key that accounts are encrypted with. It is changed as `identity` is.').optional(),
  bootstrapAdmin: bootstrapAdmin
    .describe('The first credential of the platform. A change of it holds at once.')
    .optional(),
  databaseAdmin: password()
    .describe(
      'Password of the administrator of the database in the cluster. It is that of its first start: it cannot change.',
    )
    .optional(),
  databaseLogins: passwordsOf(databaseUsers)
    .describe(
      'Passwords that the services log in to the database with. A changed one is rotated in without a failed request.',
    )
    .optional(),
  cacheLogins: passwordsOf(cacheUsers)
    .describe(
      'Passwords that the workloads log in to the cache in the cluster with; rotated in as those of the database.',
    )
    .optional(),
};
