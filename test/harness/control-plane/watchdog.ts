import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads "+ <pid>" and "- <pid>" lines; at the end of its input, which the kernel brings about when the writer is gone
 * for whatever reason, kills what is still listed and removes the directory.
 */
const script = `
pids=' '
while read -r sign pid; do
  case "$sign" in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% "$pid" *} \${pids#* "$pid" }" ;;
  esac
done
for pid in $pids; do kill -CONT "$pid"; kill -KILL "$pid"; done 2>/dev/null
rm -rf "$1"
sleep 0.2
rm -rf "$1"
`;

/** Ends the processes it was told of when `end()` is called or when this process dies, even by SIGKILL. */
export interface Watchdog {
  add(pid: number): void;
  remove(pid: number): void;
  end(): Promise<void>;
}

/**
 * Starts the watchdog. A handler on 'exit' would not do: a test runner's worker that is killed runs none, and would
 * leave an etcd and an API server behind each time.
 */
export function startWatchdog(directory: string): Watchdog {
  // Detached: Ctrl-C reaches every process of the terminal's group, and this one must outlive them to clean up.
  const child = spawn('sh', ['-c', script, 'control-plane-watchdog', directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  const tell = (line: string): void => {
    if (child.stdin?.writable === true) child.stdin.write(`${line}\n`);
  };
  return {
    add: (pid) => {
      tell(`+ ${String(pid)}`);
    },
    remove: (pid) => {
      tell(`- ${String(pid)}`);
    },
    end: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}
