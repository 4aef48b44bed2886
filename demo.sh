#!/usr/bin/env bash
# Starts broker and registry in one process, on free ports with a data directory of its own, and runs the quickstart:
# typed events there and back, and three wrong ones refused. Exits non-zero if anything is not as told.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

source eng/dotnet.sh
eng/setup.sh
for project in cli/SchemaStream.Cli samples/Quickstart; do
  dotnet build "$project" -c Release --nologo -v:quiet -clp:ErrorsOnly
done

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
