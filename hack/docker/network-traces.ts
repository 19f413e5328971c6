import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rmdir, writeFile } from 'node:fs/promises';
import { exec } from '../machine/exec.ts';

/** How the machine's network was before an engine was started. */
export interface NetworkBefore {
  readonly bridges: readonly string[];
  /** Policy of the chain FORWARD by command (`iptables`, `ip6tables`). */
  readonly forward: Readonly<Record<string, string>>;
  /** Content of the kernel's forwarding switches by path. */
  readonly switches: Readonly<Record<string, string>>;
  /** Folders that an engine makes in order to mount them. */
  readonly missing: readonly string[];
}

const families = ['iptables', 'ip6tables'];
const switches = ['/proc/sys/net/ipv4/ip_forward'];
const mounted = ['/usr/lib/modules'];

/** Looks at what an engine is going to change. */
export async function observeNetwork(): Promise<NetworkBefore> {
  const policies = families.map(async (family) => [family, forwardPolicy(await save(family))] as const);
  return {
    bridges: dockerBridges(),
    forward: Object.fromEntries(await Promise.all(policies)),
    switches: Object.fromEntries(switches.map((path) => [path, readFileSync(path, 'utf8').trim()])),
    missing: mounted.filter((path) => !existsSync(path)),
  };
}

/** Removes bridges, rules and folders that an engine left, and puts back what it switched. Returns what was removed. */
export async function removeNetworkTraces(before: NetworkBefore): Promise<string[]> {
  const removed: string[] = [];
  for (const bridge of dockerBridges().filter((name) => !before.bridges.includes(name))) {
    await exec('ip', ['link', 'delete', bridge]);
    removed.push(`bridge ${bridge}`);
  }
  for (const family of families) {
    const now = await save(family);
    const wanted = withoutDocker(now, before.forward[family] ?? 'ACCEPT');
    if (wanted === now) continue;
    await exec(`${family}-restore`, [], { input: wanted });
    removed.push(`Docker's chains in ${family}`);
  }
  for (const [path, content] of Object.entries(before.switches)) await writeFile(path, content);
  for (const path of before.missing) {
    // Only an empty folder goes.
    if (
      existsSync(path) &&
      (await rmdir(path).then(
        () => true,
        () => false,
      ))
    )
      removed.push(path);
  }
  return removed;
}

/**
 * The rules of `iptables-save` less those of Docker: its chains, what leads to them, and what names its bridges. One
 * text for all, since it is put in place at once, and what others added meanwhile stays.
 */
export function withoutDocker(saved: string, forwardBefore: string): string {
  const lines = saved
    .split('\n')
    .filter((line) => line.startsWith('#') || !/\bDOCKER\b|\bdocker0\b|\bbr-[0-9a-f]{12}\b/.test(line));
  return lines.map((line) => line.replace(/^:FORWARD \w+/, `:FORWARD ${forwardBefore}`)).join('\n');
}

/** The policy of FORWARD in the text of `iptables-save`; the kernel's own where the table is not in use. */
export function forwardPolicy(saved: string): string {
  return /^:FORWARD (\w+)/m.exec(saved)?.[1] ?? 'ACCEPT';
}

function save(family: string): Promise<string> {
  return exec(`${family}-save`, []).catch(() => '');
}

function dockerBridges(): string[] {
  return readdirSync('/sys/class/net').filter((name) => /^(docker0|br-[0-9a-f]{12})$/.test(name));
}
