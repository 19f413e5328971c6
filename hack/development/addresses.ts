import { connect } from 'node:net';
import { freePort } from '@genai-platform/common/testing';

/** A Service of the platform and the port of 127.0.0.1 that stands for it. */
export interface LocalAddress {
  readonly host: string;
  readonly port: number;
  readonly localPort: number;
}

/** Names of Services and their stand-ins on this machine. */
export class Addresses {
  readonly #addresses: readonly LocalAddress[];

  constructor(addresses: readonly LocalAddress[]) {
    this.#addresses = addresses;
  }

  /** The environment with addresses of this machine, also inside lists and URLs. */
  localise(environment: Readonly<Record<string, string>>): Record<string, string> {
    const local = { ...environment };
    for (const [name, value] of Object.entries(environment)) {
      const address = this.#addresses.find(({ host }) => host === value);
      if (address === undefined) continue;
      // By this name the servers' certificates know themselves.
      local[name] = 'localhost';
      local[name.replace(/_HOST$/, '_PORT')] = String(address.localPort);
    }
    for (const [name, value] of Object.entries(local)) local[name] = this.#localiseText(value);
    return local;
  }

  #localiseText(text: string): string {
    const replace = (result: string, { host, port, localPort }: LocalAddress): string =>
      result.replaceAll(`${host}:${String(port)}`, `127.0.0.1:${String(localPort)}`);
    return this.#addresses.reduce(replace, text);
  }
}

/** The wanted port where nobody listens on it, else any other; several checkouts can run side by side. */
export async function choosePort(wanted: number): Promise<number> {
  return (await isListening(wanted)) ? freePort() : wanted;
}

/** Whether somebody accepts connections at this port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
