#!/usr/bin/env bash
# Brings a new Debian machine to where `dotnet build` works; with --tests, to where every test finds its tools.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$eng/dotnet.sh"

"$eng/apt.sh" liblz4-1 libzstd1
"$eng/librdkafka.sh"
if [ "${1:-}" = --tests ]; then
  # Clients and libraries that nobody here wrote: the interop tests hold us against them.
  # kafka-python takes its codecs from the packages behind it.
  "$eng/apt.sh" kcat python3-confluent-kafka python3-avro python3-kafka python3-snappy python3-lz4 python3-zstandard
  # What reads docker-compose.yml, and what the samples in Python take beside Confluent's client.
  "$eng/apt.sh" docker-compose python3-yaml python3-jsonschema python3-requests
  # Shells that the completion scripts are for, beside bash.
  "$eng/apt.sh" zsh fish
  "$eng/npm.sh" tests/SchemaStream.Interop.Tests/node
  "$eng/npm.sh" tests/SchemaStream.Json.Tests/node
fi
