#!/usr/bin/env bash
# Makes the NuGet packages: the SDK with its source generator and analyzer, hosting, testing with the stack that it runs, and
# the command line as a .NET tool. Each has a page, an icon, symbols and its dependencies.
#   eng/pack.sh [DIRECTORY]      default: artifacts/packages
#   CONFIGURATION=Debug NO_BUILD=true eng/pack.sh DIRECTORY      what is built already
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$eng/dotnet.sh"
out=$(mkdir -p "${1:-$eng/../artifacts/packages}" && cd "${1:-$eng/../artifacts/packages}" && pwd)
configuration=${CONFIGURATION:-Release}

if [ "${NO_BUILD:-false}" != true ]; then
  "$eng/librdkafka.sh"
  # These three reference all the others.
  for project in sdk/SchemaStream.Hosting sdk/SchemaStream.Testing cli/SchemaStream.Cli; do
    # Paths in symbols are those of the repository, not of this machine.
    dotnet build "$eng/../$project" -c "$configuration" -p:ContinuousIntegrationBuild=true --nologo -v:quiet -clp:ErrorsOnly
  done
fi
dotnet msbuild "$eng/packing/Packages.proj" -nologo -v:quiet -clp:ErrorsOnly \
  -p:Configuration="$configuration" -p:NoBuild=true -p:PackageOutputPath="$out"
ls "$out"/*.nupkg
