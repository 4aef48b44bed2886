# Sourced by the scripts: the .NET SDK on PATH, or a clear word that it is missing.
if ! command -v dotnet >/dev/null; then
  for folder in "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
    [ -x "$folder/dotnet" ] && PATH=$folder:$PATH && break
  done
fi
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: install it first (https://dot.net)." >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
