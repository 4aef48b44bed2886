#!/usr/bin/env bash
# Publishes `schemastream` with its own runtime, compiled ahead of time (ReadyToRun): it starts fast and needs no .NET.
#   eng/publish.sh [DIRECTORY]      default: artifacts/schemastream
#   RUNTIME=linux-arm64 eng/publish.sh
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$eng/dotnet.sh"
out=${1:-$eng/../artifacts/schemastream}

# Composite: program and framework are compiled as one, or every generic of the framework over a type of ours would be
# compiled at each start.
dotnet publish "$eng/../cli/SchemaStream.Cli" -c Release -r "${RUNTIME:-linux-x64}" --self-contained \
  -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true --nologo -v:quiet -o "$out"
echo "$out/schemastream"
