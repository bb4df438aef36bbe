#!/bin/sh
# A network of four validators on this machine, by an existing engine, built from source at the version that
# engine/go.mod and engine/go.sum pin (docs/decisions/0013 says which and why):
#
#   scripts/network.sh build        build it if it is not there; prints the folder of the programs
#   scripts/network.sh init DIR     make folders, keys and genesis in DIR; DIR/network.json says how to start and reach each
#   scripts/network.sh run DIR      run all four until interrupted; says "ready" once each has a block
#   scripts/network.sh demo [PROGRAM] [ARGS]   deploy the contracts on a new network and run the demo on it
#
# Go fetches what is pinned from its module proxy the first time, and the build takes two to five minutes; after that
# the programs are in a folder of .cache/ named after the version and the pins.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)

fail() {
  echo "theriac: $*" >&2
  exit 1
}

# The version that is pinned, and a digest of all pins and of the little that is ours.
version=$(sed -n 's/^[[:space:]]*\(require \)\{0,1\}github.com\/cosmos\/evm \(v[^ ]*\)$/\2/p' engine/go.mod)
pins=$(cat engine/go.mod engine/go.sum engine/network/*.go | cksum | cut -d ' ' -f 1)
folder=$root/.cache/engine-$version-$pins

go_is_new() {
  command -v go >/dev/null || return 1
  found=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
  [ "$(printf '%s\n1.23.8\n' "$found" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = 1.23.8 ]
}

build() {
  [ -x "$folder/evmd" ] && [ -x "$folder/network" ] && return
  go_is_new || fail "needs Go 1.23.8 or newer for the network of validators only: install it as https://go.dev/doc/install says."
  echo "theriac: building the engine $version; this takes some minutes, once" >&2
  mkdir -p .cache
  new=$(mktemp -d "$root/.cache/engine-new.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  mkdir "$new/whole"
  (cd engine && go build -mod=readonly -trimpath -o "$new/whole/" github.com/cosmos/evm/cmd/evmd ./network) >&2 ||
    fail "could not build the engine; its modules come from the Go module proxy (GOPROXY)."
  # Whoever is first gives the folder its name; the others find it there.
  [ -d "$folder" ] || mv "$new/whole" "$folder" 2>/dev/null || [ -d "$folder" ] || fail "could not write $folder."
  rm -rf "$new"
  trap - EXIT
}

case "${1:-}" in
  build)
    build
    echo "$folder"
    ;;
  init)
    build
    exec "$folder/network" init "${2:?expected a folder}" -engine "$folder/evmd"
    ;;
  run)
    build
    exec "$folder/network" run "${2:?expected a folder}"
    ;;
  demo)
    shift
    build
    exec scripts/network-demo.sh "$folder" "$@"
    ;;
  *)
    echo "usage: scripts/network.sh build | init DIR | run DIR | demo [PROGRAM] [ARGS]" >&2
    exit 2
    ;;
esac
