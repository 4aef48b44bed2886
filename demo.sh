#!/usr/bin/env bash
# Shows SchemaStream at work, on free ports with a data directory of its own. Exits non-zero if anything is not as told.
#   ./demo.sh                       broker and registry in one process, and the quickstart: typed events there and back,
#                                   and three wrong ones refused
#   ./demo.sh shop [--seconds N]    broker, registry and a shop of five services and two Python programs under load for
#                                   30 seconds; two services are killed and come back; then everything is counted
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

case "${1:-}" in
  '' | shop) ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "demo.sh: unknown argument $1 (see --help)" >&2; exit 2 ;;
esac

source eng/dotnet.sh
eng/setup.sh
build() {
  local said
  said=$(dotnet build "$1" -c Release --nologo -v:quiet -clp:ErrorsOnly 2>&1) || { echo "$said" >&2; echo "demo: $1 was not built" >&2; exit 1; }
}
echo "demo: building, which takes a minute the first time" >&2

if [ "${1:-}" = shop ]; then
  shift
  # The shop's Python programs use Confluent's own client; where there is no Debian to take it from, they are left out.
  if command -v apt-get >/dev/null; then
    eng/apt.sh python3-confluent-kafka python3-avro python3-jsonschema python3-requests
  else
    set -- "$@" --without-python
  fi
  build samples/Shop.Demo
  samples/Shop.Demo/bin/Release/net10.0/Shop.Demo run "$@"
  echo "demo: done"
  exit 0
fi

build cli/SchemaStream.Cli
build samples/Quickstart

data=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  rm -rf "$data"
}
trap finish EXIT

cli/SchemaStream.Cli/bin/Release/net10.0/schemastream up --data-dir "$data/stack" --kafka-port 0 --registry-port 0 \
  >"$data/ready" 2>"$data/log" &
server=$!
for _ in $(seq 300); do
  grep -q '^ready ' "$data/ready" && break
  kill -0 "$server" 2>/dev/null || { cat "$data/log" >&2; echo "demo: the stack did not start" >&2; exit 1; }
  sleep 0.1
done
ready=$(grep '^ready ' "$data/ready") || { cat "$data/log" >&2; echo "demo: the stack was not ready in 30 s" >&2; exit 1; }
echo "$ready"
kafka=${ready#*kafka=} kafka=${kafka%% *}
registry=${ready#*registry=} registry=${registry%% *}

samples/Quickstart/bin/Release/net10.0/Quickstart --kafka "$kafka" --registry "$registry"

kill -TERM "$server"
wait "$server" || { cat "$data/log" >&2; echo "demo: the stack did not stop cleanly" >&2; exit 1; }
server=
echo "demo: done"
