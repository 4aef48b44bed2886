#!/usr/bin/env bash
# Makes sure that NuGet can restore librdkafka.redist, the native library that Confluent.Kafka depends on.
# Where a feed of this machine has the package, nothing is done. Where none has it, librdkafka is built once per
# machine from the source that Confluent's own npm package carries, and packed into eng/packages (see NuGet.config).
set -euo pipefail

version=2.15.1
npm_package=@confluentinc/kafka-javascript@1.10.1

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
local_feed=$root/eng/packages
cache=${XDG_CACHE_HOME:-$HOME/.cache}/schemastream/librdkafka-$version
package=librdkafka.redist.$version.nupkg
global_packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}

say() { echo "librdkafka: $*" >&2; }
fail() { say "$*"; exit 1; }

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) rid=linux-x64 ;;
  Linux-aarch64) rid=linux-arm64 ;;
  *) exit 0 ;; # elsewhere only a feed can help, and restore says so itself
esac

[ -f "$local_feed/$package" ] && exit 0
if [ -f "$cache/$package" ]; then
  cp "$cache/$package" "$local_feed/"
  exit 0
fi
[ -f "$global_packages/librdkafka.redist/$version/librdkafka.redist.nuspec" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# An ordinary restore, outside this repository, tells whether a feed has the package.
mkdir "$work/probe"
cat > "$work/probe/probe.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="librdkafka.redist" Version="[$version]" /></ItemGroup>
</Project>
EOF
if dotnet restore "$work/probe/probe.csproj" >"$work/probe.log" 2>&1; then
  exit 0
fi
grep -q NU1101 "$work/probe.log" || grep -q NU1102 "$work/probe.log" || { cat "$work/probe.log" >&2; fail "the package feeds could not be asked"; }

say "no feed has librdkafka.redist $version; building it from source (once per machine, about two minutes)"
"$root/eng/apt.sh" gcc g++ make python3 pkg-config zlib1g-dev libssl-dev libzstd-dev
command -v npm >/dev/null || "$root/eng/apt.sh" npm

cd "$work"
npm pack --silent "$npm_package" >/dev/null || fail "npm could not fetch $npm_package, which carries librdkafka's source"
tar xzf ./*.tgz
cd package/deps/librdkafka
log=$work/build.log
{
  ./configure --prefix=/usr --disable-lz4-ext --disable-curl --disable-gssapi --enable-ssl --enable-zlib --enable-zstd &&
    make -j"$(nproc)" libs
} >"$log" 2>&1 || { tail -40 "$log" >&2; fail "the build failed; its last lines stand above"; }
strip --strip-unneeded src/librdkafka.so.1

mkdir -p "$work/pack/native"
cp src/librdkafka.so.1 "$work/pack/native/librdkafka.so"
cp LICENSE "$work/pack/LICENSE.txt"
cat > "$work/pack/librdkafka.redist.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <PackageId>librdkafka.redist</PackageId>
    <Version>$version</Version>
    <Authors>Confluent</Authors>
    <Description>librdkafka $version, built on this machine from the source in $npm_package.</Description>
    <PackageLicenseFile>LICENSE.txt</PackageLicenseFile>
    <IncludeBuildOutput>false</IncludeBuildOutput>
    <SuppressDependenciesWhenPacking>true</SuppressDependenciesWhenPacking>
    <NoWarn>NU5128</NoWarn>
  </PropertyGroup>
  <ItemGroup>
    <None Include="LICENSE.txt" Pack="true" PackagePath="" />
    <None Include="native/librdkafka.so" Pack="true" PackagePath="runtimes/$rid/native/" />
  </ItemGroup>
</Project>
EOF
dotnet pack "$work/pack/librdkafka.redist.csproj" -c Release -o "$work/out" >"$work/pack.log" 2>&1 \
  || { cat "$work/pack.log" >&2; fail "dotnet pack failed"; }

mkdir -p "$cache"
cp "$work/out/$package" "$cache/$package.part"
mv "$cache/$package.part" "$cache/$package" # a build cut short leaves no half package
cp "$cache/$package" "$local_feed/"
say "done: $package"
