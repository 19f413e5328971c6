import type { Context } from '../context.ts';
import { providerFiles } from '../llm/provider-files.ts';
import { llmSettingsFile } from '../llm/settings-file.ts';
import type { Attachment } from './attachment.ts';

const folder = '/etc/genaiplatform.io/llm';
const file = 'settings.json';

/** What is in the ConfigMap with the router's settings; nothing where the embedded models are all that there is. */
export function llmSettingsContent({ settings: { spec } }: Context): Record<string, string> | undefined {
  if (spec.llm === undefined) return undefined;
  return { [file]: `${JSON.stringify(llmSettingsFile(spec.llm), null, 2)}\n` };
}

/** What the router alone has: its settings, and the keys of its providers as files. */
export function llmEnvironment(context: Context): Attachment {
  const { names, spec } = context.settings;
  const content = llmSettingsContent(context);
  if (content === undefined) return { env: {}, mounts: [] };
  const files = (spec.llm?.providers ?? []).flatMap((provider) => {
    const { keys, authority } = providerFiles(provider);
    return [keys, authority].flatMap((one) => one?.mount ?? []);
  });
  const disabled = spec.llm?.embedded?.enabled === false;
  return {
    env: { LLM_SETTINGS_FILE: `${folder}/${file}`, ...(disabled && { LLM_EMBEDDED: 'false' }) },
    mounts: [
      { name: 'llm-settings', path: folder, source: { kind: 'configMap', name: names.llmSettings, content } },
      ...files,
    ],
  };
}
