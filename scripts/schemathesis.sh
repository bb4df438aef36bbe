#!/usr/bin/env bash
# Asks a real node everything that its OpenAPI document describes, rightly and wrongly, and compares the answers with
# the document: no 5xx, and no status, media type, header or member that it does not name.
#
#   scripts/schemathesis.sh [PROGRAM]     PROGRAM: a built theriac; target/debug/theriac unless said
#
# It installs what it needs in .cache/; it takes two to three minutes.
# EXAMPLES=n sets how many generated requests each operation gets (20 unless said), REPORT=dir keeps what was asked.
# The requests are the same in every run. All operations are asked; none is left out,
# and schemathesis.toml lists what is not looked at.
set -euo pipefail

cd "$(dirname "$0")/.."

program=$(realpath "${1:-target/debug/theriac}")
version=4.32.5
tools=.cache/schemathesis-$version
examples=${EXAMPLES:-20}

fail() {
  echo "theriac: $*" >&2
  exit 1
}

[ -x "$program" ] || fail "needs a built program: run cargo build -p theriac-cli."

if [ ! -x "$tools/bin/schemathesis" ]; then
  command -v python3 >/dev/null || fail "needs python3 (Debian: apt-get install python3 python3-venv)."
  python3 -m venv "$tools" && "$tools/bin/pip" install --quiet "schemathesis==$version" ||
    fail "could not install schemathesis $version."
fi

folder=$(mktemp -d)
node=
# Ends the node; kill fails if it has ended already.
end() {
  [ -z "$node" ] || kill "$node" 2>/dev/null || true
  [ -z "$node" ] || wait "$node" 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT

export THERIAC_PASSPHRASE='correct horse battery staple' THERIAC_LISTEN=127.0.0.1:0 THERIAC_LOG=warn
unset THERIAC_NODE THERIAC_LEDGER_URL THERIAC_PUBLIC_URL
"$program" init "$folder/node" --name 'Example Pharma' --gln 9521321000018 --role labeler --role regulator >/dev/null
"$program" serve --config "$folder/node/theriac.toml" >/dev/null 2>"$folder/log" &
node=$!

url=
for _ in $(seq 300); do
  url=$(sed -n 's/.* serves \(http[^ ]*\).*/\1/p' "$folder/log" | head -n 1)
  [ -n "$url" ] && break
  kill -0 "$node" 2>/dev/null || { cat "$folder/log" >&2; fail "the node has stopped."; }
  sleep 0.1
done
[ -n "$url" ] || fail "the node does not serve."

# The bodies that the document gives as examples, so that there is something to find.
"$tools/bin/python" - "$url" <<'PYTHON' || fail "the node does not take the document's own examples."
import json, sys, urllib.request

url = sys.argv[1]
paths = json.load(urllib.request.urlopen(url + "/openapi.json"))["paths"]
for path in ["/epcis/events", "/captures", "/epcis/queries", "/epcis/queries/{name}/subscriptions"]:
    body = paths[path]["post"]["requestBody"]["content"]["application/json"]["example"]
    for part in paths[path]["post"].get("parameters", []):
        path = path.replace("{%s}" % part.get("name"), part.get("example", ""))
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url + path, json.dumps(body).encode(), headers))
PYTHON

run() {
  "$tools/bin/schemathesis" --config-file scripts/schemathesis.toml run "$url/openapi.json" \
    --max-examples "$examples" --generation-deterministic --warnings off \
    --continue-on-failure --no-color --no-shrink --request-timeout 60 "$@"
}

status=0
run ${REPORT:+--report json,ndjson --report-dir "$REPORT"} || status=$?
echo
echo "Once more below /epcis, by a client that reads XML alone:"
run --phases examples,fuzzing --include-path-regex '^/epcis' -H 'Accept: application/xml' || status=$?

kill -0 "$node" 2>/dev/null || { status=1; echo "theriac: the node has stopped." >&2; }
if grep -E 'panicked|failed inside' "$folder/log" >&2; then
  status=1
fi
if [ "$status" -ne 0 ]; then
  echo "theriac: the last lines of the node's log:" >&2
  tail -n 20 "$folder/log" >&2
fi
exit "$status"
