#!/usr/bin/env bash
# Publishes any program of this repository with its own runtime, as the Dockerfile does.
#   eng/publish-program.sh PROJECT DIRECTORY      such as samples/Orders.Api artifacts/orders-api
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$eng/dotnet.sh"
project=${1:?a project, such as samples/Orders.Api} out=${2:?a directory}

case "$(uname -m)" in
  aarch64) runtime=linux-arm64 ;;
  *) runtime=linux-x64 ;;
esac
# The command line has settings of its own: it is trimmed and compiled together with the framework, to start fast.
if [ "$project" = cli/SchemaStream.Cli ]; then
  RUNTIME=$runtime exec "$eng/publish.sh" "$out"
fi
dotnet publish "$eng/../$project" -c Release -r "$runtime" --self-contained --nologo -v:quiet -o "$out"
