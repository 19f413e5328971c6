import { join } from 'node:path';

/** Where a Docker engine started by this project lives: apart from any other engine's data, so that it can go as a whole. */
const home = '/var/lib/genai-platform';

/** The places of the engine. They belong to the machine, not to a checkout: there is one engine for all of them. */
export const places = {
  home,
  dataRoot: join(home, 'docker'),
  /** Short, since the paths of sockets in it must not pass 107 characters. */
  execRoot: '/run/genai-platform/docker',
  pidFile: '/run/genai-platform/docker.pid',
  socket: '/var/run/docker.sock',
  record: join(home, 'docker.json'),
  users: join(home, 'docker-users'),
  log: join(home, 'dockerd.log'),
  /** Not under /run, which may forbid execution. */
  runtime: join(home, 'runc-without-sys-resource'),
} as const;
