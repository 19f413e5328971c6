#!/bin/sh
# Starts PostgreSQL with the environment that the official image documents: POSTGRES_USER, POSTGRES_PASSWORD(_FILE),
# POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, PGDATA, and scripts in /docker-entrypoint-initdb.d.
set -eu
umask 077

fail() {
  echo "docker-entrypoint: $*" >&2
  exit 1
}

# Prints the value of variable $1, or the content of the file that $1_FILE names.
setting() {
  eval "value=\${$1:-} file=\${$1_FILE:-}"
  if [ -z "$file" ]; then
    printf '%s' "$value"
    return
  fi
  [ -z "$value" ] || fail "$1 and $1_FILE are both set: set one"
  [ -r "$file" ] || fail "$1_FILE names $file, which cannot be read"
  cat "$file"
}

# Statements on standard input, run on database $2 of the cluster in $1 without any network.
single_user() {
  postgres --single -j -D "$1" -c exit_on_error=on "$2" >/dev/null
}

initialise() {
  user="$(setting POSTGRES_USER)"
  database="$(setting POSTGRES_DB)"
  password="$(setting POSTGRES_PASSWORD)"
  user="${user:-postgres}" database="${database:-${user:-postgres}}" method="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"
  case "$database" in *\"*) fail 'POSTGRES_DB contains a quotation mark' ;; esac
  [ -n "$password" ] || [ "$method" = trust ] || fail "the database is new: set POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD"
  printf '%s\n' "${password:-unused}" >"/tmp/password.$$"
  # Word splitting is wanted: the variable holds arguments.
  # shellcheck disable=SC2086
  initdb -D "$1" --username="$user" --pwfile="/tmp/password.$$" ${POSTGRES_INITDB_ARGS:-}
  rm -f "/tmp/password.$$"
  printf '\nhost all all all %s\n' "$method" >>"$1/pg_hba.conf"
  printf "\nlisten_addresses = '*'\n" >>"$1/postgresql.conf"
  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE "%s";\n\n' "$database" | single_user "$1" postgres
  fi
  run_scripts "$1"
}

# The scripts see a server on a socket that nobody else knows.
run_scripts() {
  cluster="$1"
  [ -n "$(ls -A /docker-entrypoint-initdb.d 2>/dev/null)" ] || return 0
  export PGUSER="$user" PGDATABASE="$database" PGHOST=/tmp PGPASSWORD="$password"
  pg_ctl -D "$1" -w -o "-c listen_addresses= -c unix_socket_directories=/tmp -c hba_file=$1/pg_hba.conf" start >/dev/null
  trap 'pg_ctl -D "$cluster" -m immediate stop >/dev/null' EXIT
  for script in /docker-entrypoint-initdb.d/*; do
    echo "docker-entrypoint: running $script"
    case "$script" in
      *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet -f "$script" ;;
      *) echo "docker-entrypoint: ignoring $script" ;;
    esac
  done
  trap - EXIT
  pg_ctl -D "$1" -w -m fast stop >/dev/null
  unset PGUSER PGDATABASE PGHOST PGPASSWORD
}

# A cluster appears under its name when it is complete: whatever interrupted the initialisation, it starts anew.
create_cluster() {
  new="$PGDATA.new"
  if [ -w "$(dirname "$PGDATA")" ] && ! mountpoint -q "$PGDATA"; then
    rm -rf "$new"
    initialise "$new"
    if [ -d "$PGDATA" ]; then rmdir "$PGDATA"; fi
    mv "$new" "$PGDATA"
  else
    initialise "$PGDATA"
  fi
}

case "${1:-postgres}" in -*) set -- postgres "$@" ;; esac
if [ "${1:-}" != postgres ]; then exec "$@"; fi
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres "$PGDATA" "$(dirname "$PGDATA")"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then create_cluster; fi
exec "$@"
