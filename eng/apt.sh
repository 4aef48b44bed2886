#!/usr/bin/env bash
# Installs the Debian packages named, those that are missing only. Needs root or sudo when one is.
set -euo pipefail

missing=()
for name in "$@"; do
  [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = 'install ok installed' ] || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || { echo "apt: not a Debian machine; install by hand: ${missing[*]}" >&2; exit 1; }
sudo=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "apt: run as root, or install by hand: ${missing[*]}" >&2; exit 1; }
  sudo=sudo
fi

echo "apt: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; }
# The package lists of a new machine may be missing or old: fetch them when the first try fails.
install || { $sudo apt-get update >"$log" 2>&1 && install; } || { tail -30 "$log" >&2; exit 1; }
