import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { places } from './places.ts';

const sysResource = 24n;

/**
 * Some machines withhold CAP_SYS_RESOURCE even from root. There `docker run --privileged`, which asks for every
 * capability, fails with "unable to apply caps: operation not permitted". This wrapper of runc asks for one less.
 */
const wrapper = `#!/bin/bash
bundle=$PWD
previous=
for word in "$@"; do
  case "$previous" in
    -b | --bundle) bundle=$word ;;
    -p | --process) files+=("$word") ;;
  esac
  previous=$word
done
[ -f "$bundle/config.json" ] && files+=("$bundle/config.json")
for file in "\${files[@]}"; do
  sed -i -e 's/,"CAP_SYS_RESOURCE"//g' -e 's/"CAP_SYS_RESOURCE",//g' -e 's/"CAP_SYS_RESOURCE"//g' "$file"
done
exec runc "$@"
`;

/** Flags of dockerd that make it use the wrapper, where this machine needs it. */
export async function runtimeFlags(): Promise<string[]> {
  if (mayHaveSysResource(readFileSync('/proc/self/status', 'utf8'))) return [];
  await mkdir(dirname(places.runtime), { recursive: true });
  await writeFile(places.runtime, wrapper, { mode: 0o755 });
  return [`--add-runtime=without-sys-resource=${places.runtime}`, '--default-runtime=without-sys-resource'];
}

/** Whether the bounding set of /proc/<pid>/status has the capability. */
export function mayHaveSysResource(status: string): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return bounding === undefined || ((BigInt(`0x${bounding}`) >> sysResource) & 1n) === 1n;
}
