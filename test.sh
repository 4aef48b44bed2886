#!/usr/bin/env bash
# Builds everything and runs every test. Installs what a new machine lacks. Ends with the line `N passed, N failed`.
#   ./test.sh           the tests that every change must pass
#   ./test.sh --long    and the long runs
#   ./test.sh NAME      only the test projects whose name contains NAME
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

filter='Category!=Long'
only=
for argument in "$@"; do
  case "$argument" in
    --long) filter='' ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "test.sh: unknown option $argument (see --help)" >&2; exit 2 ;;
    *) only=$argument ;;
  esac
done

source eng/dotnet.sh
eng/setup.sh --tests

target=SchemaStream.sln
if [ -n "$only" ]; then
  mapfile -t projects < <(ls tests/*/*"$only"*.csproj 2>/dev/null)
  [ ${#projects[@]} -gt 0 ] || { echo "test.sh: no test project's name contains '$only'" >&2; exit 2; }
else
  projects=("$target")
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
for project in "${projects[@]}"; do
  dotnet build "$project" -c Release --nologo -v:quiet -clp:ErrorsOnly || { echo "0 passed, 1 failed"; exit 1; }
  # The runner's own exit code counts, not the filter's; and an aborted run counts as failed whatever that code is.
  set +e
  dotnet test "$project" -c Release --no-build --nologo ${filter:+--filter "$filter"} 2>&1 |
    tee -a "$log" | grep -avE '^(Test run for|A total of|VSTest version|No test (is available|matches))|^$'
  [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
  set -e
done

grep -aq 'Test Run Aborted' "$log" && status=1

# The runner prints one such line a project: "Passed!  - Failed: 0, Passed: 42, Skipped: 0, Total: 42, ..."
count() { grep -aoE "$1: +[0-9]+" "$log" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count Passed)
failed=$(count Failed)
skipped=$(count Skipped)

if [ "$skipped" -gt 0 ]; then
  echo "$skipped tests were skipped: a test that does not run proves nothing" >&2
  failed=$((failed + skipped))
fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "a test run ended without a result: see above" >&2
  failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
