#!/bin/sh
# Runs the demo on a new network of four validators, which ends with it; scripts/network.sh demo calls it.
#
#   scripts/network-demo.sh ENGINE [PROGRAM] [ARGS]     ENGINE: the folder of the engine's programs;
#                                                       PROGRAM: a built theriac, target/release/theriac unless said
#
# KEEP=dir keeps the network's folders and logs in dir.
set -eu

cd "$(dirname "$0")/.."

engine=$1
program=${2:-target/release/theriac}
[ $# -le 2 ] && shift $# || shift 2

fail() {
  echo "theriac: $*" >&2
  exit 1
}

[ -x "$program" ] || fail "needs a built program at $program: run make build."

folder=${KEEP:-$(mktemp -d)}
network=
# Ends the validators and waits for them; kill fails if they have ended already.
end() {
  [ -z "$network" ] || kill "$network" 2>/dev/null || true
  [ -z "$network" ] || wait "$network" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM

"$engine/network" init "$folder" -engine "$engine/evmd"
"$engine/network" run "$folder" >"$folder/said" &
network=$!
for _ in $(seq 600); do
  grep -q ready "$folder/said" && break
  kill -0 "$network" 2>/dev/null || fail "the validators have stopped; KEEP=dir keeps their logs."
  sleep 0.1
done
grep -q ready "$folder/said" || fail "the validators make no blocks; KEEP=dir keeps their logs."

# One --rpc for each validator.
endpoints=$(sed -n 's/^ *"rpc": "\(.*\)",$/--rpc \1/p' "$folder/network.json")
echo "theriac: four validators make blocks; their logs are in $folder" >&2
# shellcheck disable=SC2086
"$program" demo --packs 400 --exit $endpoints "$@"
