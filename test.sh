#!/usr/bin/env bash
# ./test.sh              builds and tests; needs the .NET SDK alone
# ./test.sh --all        adds foreign stacks, PostgreSQL, load, crash points and a fuzzer, and fails where something is missing
# ./test.sh --endurance  ten minutes of fuzzing for each reader of foreign texts; a thousand random kills (CUSTOMSTRANSIT_SEED repeats one), the whole crash matrix on PostgreSQL and dirty journeys; clients of gSOAP and JAX-WS (Debian: gsoap libgsoap-dev g++ jaxws default-jdk-headless)
set -euo pipefail
cd "$(dirname "$0")"

mode=${1:-}
case "$mode" in
  "" | --all | --endurance) ;;
  *) sed -n '2,4p' "$0" | cut -c3-; exit 2 ;;
esac

configuration=Release
results=artifacts/test-results
host=Adapter.Host/bin/$configuration/net10.0/Adapter.Host.dll
passed=0 failed=0 skipped=0
rm -rf "$results" && mkdir -p "$results"

fail() { echo "FAILED: $1"; failed=$((failed + 1)); }

# Runs one test project. One that hangs has failed: each has a limit of its own.
suite() { # name, limit in seconds, arguments for the runner
  local name=$1 limit=$2 log="$results/$1.log" started=$SECONDS code=0 total bad skip
  shift 2
  echo "== $name"
  timeout --kill-after=10 "$limit" dotnet exec "tests/$name/bin/$configuration/net10.0/$name.dll" -noLogo -noColor "$@" >"$log" 2>&1 || code=$?
  local line
  line=$(grep -E 'Total: *[0-9]+.*Failed: *[0-9]+' "$log" | tail -n 1 || true)
  if [ -z "$line" ]; then
    cat "$log"
    fail "$name ended with code $code and without a summary (its limit is $limit s)"
    return
  fi
  number() { sed -nE "s/.*$1: *([0-9]+).*/\1/p" <<<"$line"; }
  total=$(($(number Total) - $(number "Not Run"))) skip=$(number Skipped) bad=$(($(number Failed) + $(number Errors)))
  passed=$((passed + total - bad - skip)) failed=$((failed + bad)) skipped=$((skipped + skip))
  echo "   $((total - bad - skip)) passed, $bad failed, $skip skipped in $((SECONDS - started)) s"
  [ "$skip" -eq 0 ] || grep -A1 -F '[SKIP]' "$log" | head -n 20
  if [ "$bad" -gt 0 ]; then
    cat "$log"
  elif [ "$code" -ne 0 ]; then
    cat "$log"
    fail "$name ended with code $code"
  fi
}

check() { # what, command ...
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

# Every message of the demo, judged by a validator that is not ours, against our schemas.
judged_by_xmllint() {
  command -v xmllint >/dev/null || { echo "xmllint is missing; .ci/install installs it."; return 1; }
  local folder=$results/demo seen=0 file
  cat >"$results/wco.xsd" <<'XSD'
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:import namespace="urn:wco:datamodel:WCO:DEC-DMS:2" schemaLocation="../../schemas/wco/declaration.xsd"/>
  <xs:import namespace="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" schemaLocation="../../schemas/wco/metadata.xsd"/>
</xs:schema>
XSD
  for file in "$folder"/*/*.xml; do
    case "$file" in
      */manifest/*) xmllint --noout --nonet --schema schemas/soap/manifest-notification.xsd "$file" ;;
      */transportation/*) xmllint --noout --nonet --schema schemas/soap/transportation-notification.xsd "$file" ;;
      */neighbour/*) xmllint --noout --nonet --schema "$results/wco.xsd" "$file" ;;
    esac
    seen=$((seen + 1))
  done
  [ "$seen" -ge 45 ]
}

echo "== build"
dotnet restore CustomsTransit.sln --locked-mode --verbosity quiet
dotnet build CustomsTransit.sln --configuration $configuration --no-restore --verbosity quiet --nologo

if [ "$mode" = --endurance ]; then
  suite Adapter.Host.Tests 1200 -explicit only
  suite Adapter.Integration.Tests 7200 -trait "needs=endurance"
  check "fuzz" timeout 7200 tests/Adapter.Fuzz/run 600
else
  suite Adapter.Contracts.Tests 60
  suite Adapter.Mappings.Tests 60
  suite Adapter.Host.Tests 60
  if [ "$mode" = --all ]; then
    suite Adapter.Integration.Tests 1500 -trait- "needs=endurance" -trait- "needs=alone"
    # What measures the whole process.
    suite Adapter.Integration.Tests 400 -trait "needs=alone"
  else
    suite Adapter.Integration.Tests 400 -trait- "needs=endurance" -trait- "needs=foreign-stack" -trait- "needs=crash" -trait- "needs=postgres" -trait- "needs=alone"
  fi
  check "demo" timeout 120 dotnet exec "$host" demo --once --pace 0 --out "$results/demo"
fi

if [ "$mode" = --all ]; then
  check "the demo's messages, judged by xmllint" judged_by_xmllint
  check "fuzz" timeout 900 tests/Adapter.Fuzz/run 12
  check "format" timeout 300 dotnet format CustomsTransit.sln --verify-no-changes --no-restore
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
