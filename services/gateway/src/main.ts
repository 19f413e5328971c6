import { runService } from '@genai-platform/common';
import { createApp } from './app.ts';
import { GatewayConfig, tlsFilesOf } from './config.ts';
import { createDeps } from './deps.ts';
import { proxyUpgrades } from './proxy/proxy-upgrades.ts';

await runService({
  name: 'gateway',
  config: GatewayConfig,
  createDeps,
  createApp,
  upgrade: (deps) => proxyUpgrades({ ...deps, log: deps.context.log }),
  tls: tlsFilesOf,
});
