/** A signal that is aborted by Ctrl-C or a polite kill. A second Ctrl-C ends the process at once. */
export function interruption(): AbortSignal {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort(new Error('interrupted; run the same command again to carry on from here'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return abort.signal;
}
