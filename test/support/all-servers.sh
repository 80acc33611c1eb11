#!/usr/bin/env bash
# Runs the tests that need PostgreSQL on every server to be had here: the embedded one, Docker images of 17 and 18 where an
# engine answers, and Debian's PostgreSQL 15 where it is installed.
#   test/support/all-servers.sh [arguments of vitest]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

debian_bin=/usr/lib/postgresql/15/bin
cluster=
failed=()
skipped=()

on_server() {
  local name=$1
  shift
  printf '\n=== %s ===\n' "$name"
  env "$@" npx vitest run --project pg "${arguments[@]}" || failed+=("$name")
}

# PostgreSQL refuses to run as root.
as_server_user() {
  if [[ $(id -u) == 0 ]]; then
    setpriv --reuid postgres --regid postgres --clear-groups env -C / "$@"
  else
    "$@"
  fi
}

stop_debian() {
  [[ -n $cluster ]] || return 0
  as_server_user "$debian_bin/pg_ctl" stop --pgdata "$cluster/data" --mode fast --silent || true
  rm -rf "$cluster"
  cluster=
}

start_debian() {
  cluster=$(mktemp -d)
  chmod 755 "$cluster"
  if [[ $(id -u) == 0 ]]; then chown postgres: "$cluster"; fi
  as_server_user "$debian_bin/initdb" --pgdata "$cluster/data" --username postgres --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync >/dev/null
  local settings="-c port=$1 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c max_prepared_transactions=10"
  settings+=' -c fsync=off -c synchronous_commit=off -c full_page_writes=off'
  as_server_user "$debian_bin/pg_ctl" start --pgdata "$cluster/data" --wait --silent --log "$cluster/log" \
    --options "$settings"
}

free_port() {
  node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    console.log(s.address().port); s.close() })"
}

arguments=("$@")
trap stop_debian EXIT

on_server embedded TEST_POSTGRES=embedded

if docker version >/dev/null 2>&1; then
  for image in postgres:17 postgres:18; do
    on_server "docker $image" TEST_POSTGRES=docker TEST_POSTGRES_IMAGE="$image"
  done
else
  skipped+=('docker: no engine answers')
fi

if [[ -x $debian_bin/postgres ]]; then
  port=$(free_port)
  start_debian "$port"
  on_server 'Debian PostgreSQL 15' TEST_POSTGRES=url TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/postgres"
  stop_debian
else
  skipped+=("Debian PostgreSQL 15: not in $debian_bin")
fi

printf '\n'
for reason in "${skipped[@]}"; do printf 'not run: %s\n' "$reason"; done
if ((${#failed[@]})); then
  printf 'failed on: %s\n' "${failed[@]}"
  exit 1
fi
echo 'passed on every server to be had here'
