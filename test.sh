#!/usr/bin/env bash
# Builds and tests. Needs the .NET SDK alone:   ./test.sh
# With foreign stacks, fails on anything missing:   ./test.sh --all
# The long runs:                                    ./test.sh --endurance
set -euo pipefail
cd "$(dirname "$0")"

mode=${1:-}
case "$mode" in
  ""|--all|--endurance) ;;
  *) sed -n '2,4p' "$0" | cut -c3-; exit 2 ;;
esac

configuration=Release
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0

# A suite that hangs is a failed suite: each has its own limit.
count() { # log
  local line
  line=$(grep -E '^ *Total: *[0-9]+|Total: [0-9]+' "$1" | tail -n 1)
  echo "$line"
}

fail() { echo "FAILED: $1"; failed=$((failed + 1)); }

suite() { # name, limit in seconds, further arguments
  local name=$1 limit=$2 log="$results/$1.log" started=$SECONDS
  shift 2
  echo "== $name"
  local code=0
  timeout --kill-after=10 "$limit" dotnet exec "tests/$name/bin/$configuration/net10.0/$name.dll" -noLogo -noColor "$@" >"$log" 2>&1 || code=$?
  local line p f s
  line=$(grep -E 'Total: *[0-9]+.*Failed: *[0-9]+' "$log" | tail -n 1 || true)
  p=$(sed -nE 's/.*Total: *([0-9]+).*/\1/p' <<<"$line")
  f=$(sed -nE 's/.*Failed: *([0-9]+).*/\1/p' <<<"$line")
  s=$(sed -nE 's/.*Skipped: *([0-9]+).*/\1/p' <<<"$line")
  if [ -z "$line" ]; then
    cat "$log"
    fail "$name ended with code $code and no summary (limit $limit s)"
    return
  fi
  local errors
  errors=$(sed -nE 's/.*Errors: *([0-9]+).*/\1/p' <<<"$line")
  f=$((f + ${errors:-0}))
  passed=$((passed + p - f - s)) failed=$((failed + f)) skipped=$((skipped + s))
  echo "   $((p - f - s)) passed, $f failed, $s skipped in $((SECONDS - started)) s"
  if [ "$f" -gt 0 ] || [ "$code" -ne 0 ]; then
    cat "$log"
    [ "$f" -gt 0 ] || fail "$name ended with code $code"
  fi
  if [ "$s" -gt 0 ]; then
    grep -E '\[SKIP\]|Skip' "$log" | head -n 5 || true
    # What must be there under --all must not be skipped.
    [ "$mode" != --all ] || [ "$name" = "" ] || SKIPS_SEEN=1
  fi
}

check() { # what, command...
  local what=$1
  shift
  echo "== $what"
  if "$@" >"$results/check.log" 2>&1; then
    passed=$((passed + 1))
  else
    cat "$results/check.log"
    fail "$what"
  fi
}

echo "== build"
dotnet restore CustomsTransit.sln --locked-mode --verbosity quiet
dotnet build CustomsTransit.sln --configuration $configuration --no-restore --verbosity quiet --nologo

suite Adapter.Contracts.Tests 60
suite Adapter.Mappings.Tests 60
suite Adapter.Host.Tests 60
if [ "$mode" = --all ]; then
  suite Adapter.Integration.Tests 600 -trait- "needs=endurance"
elif [ "$mode" = --endurance ]; then
  suite Adapter.Integration.Tests 7200 -trait "needs=endurance"
else
  suite Adapter.Integration.Tests 300 -trait- "needs=foreign-stack" -trait- "needs=endurance"
fi

check "demo" timeout 120 dotnet exec Adapter.Host/bin/$configuration/net10.0/Adapter.Host.dll demo --once --pace 0 --out "$results/demo"
if [ "$mode" = --all ]; then
  check "format" timeout 300 dotnet format CustomsTransit.sln --verify-no-changes --no-restore
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
