#!/usr/bin/env bash
# Installs what the package-lock.json of a folder of this repository names, unless that is there already.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$eng/../$1"

installed=node_modules/.installed-from
cmp -s package-lock.json "$installed" && exit 0
command -v npm >/dev/null || "$eng/apt.sh" nodejs npm

echo "npm: installing the packages of $1" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
npm ci --ignore-scripts --no-audit --no-fund >"$log" 2>&1 || { tail -30 "$log" >&2; exit 1; }
cp package-lock.json "$installed"
