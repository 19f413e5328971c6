import type { CatalogueEntry } from '../catalogue.ts';
import type { Context } from '../context.ts';
import { schemaName } from '../naming.ts';
import type { Attachment } from './attachment.ts';
import { attachAll } from './attachment.ts';
import { authEnvironment } from './auth.ts';
import { cacheClient } from './cache-client.ts';
import { databaseClient } from './database-client.ts';
import { gatewayEnvironment } from './gateway.ts';
import { llmEnvironment } from './llm-router.ts';
import { temporaryFiles } from './mount.ts';
import { httpEnvironment, processEnvironment } from './process.ts';
import { ragEnvironment } from './rag.ts';

/** Everything that a process of a workload is given, whether it serves or migrates: it reads one configuration. */
export function workloadAttachment(context: Context, entry: CatalogueEntry): Attachment {
  const login = { secret: context.settings.names.databaseLogin(entry.name), schema: schemaName(entry.name) };
  return attachAll(
    processEnvironment(context, entry.name),
    httpEnvironment(context, entry.port),
    ...(entry.needs.includes('postgres') ? [databaseClient(context, login)] : []),
    ...(entry.needs.includes('redis') ? [cacheClient(context, entry.name)] : []),
    ...(entry.name === 'auth' ? [authEnvironment(context)] : []),
    ...(entry.name === 'gateway' ? [gatewayEnvironment(context)] : []),
    ...(entry.name === 'llm-router' ? [llmEnvironment(context)] : []),
    ...(entry.name === 'rag' ? [ragEnvironment(context)] : []),
    { env: {}, mounts: [temporaryFiles] },
  );
}
