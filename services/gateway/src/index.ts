export { createApp } from './app.ts';
export { createDeps } from './deps.ts';
export type { Deps } from './deps.ts';
export { GatewayConfig, tlsFilesOf } from './config.ts';
export { proxyUpgrades } from './proxy/proxy-upgrades.ts';
export { ServiceConnections } from './proxy/service-connections.ts';
