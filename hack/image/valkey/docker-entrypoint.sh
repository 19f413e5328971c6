#!/bin/sh
# Starts Valkey as the official image does: a configuration file or an option as first argument is the server's.
set -eu
umask 077
case "${1:-valkey-server}" in -* | *.conf) set -- valkey-server "$@" ;; esac
if [ "$1" = valkey-server ] && [ "$(id -u)" = 0 ]; then
  chown -R valkey:valkey .
  exec setpriv --reuid valkey --regid valkey --init-groups "$@"
fi
exec "$@"
