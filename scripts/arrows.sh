#!/bin/sh
# Checks the invariants of ARCHITECTURE.md that manifests and sources show: arrows between crates point down, one crate
# for each large library, and no clock, async, disk or network in the pure crates.
set -eu

cd "$(dirname "$0")/.."

# Lowest first; a crate uses only crates of lower rank.
RANKS="gs1:0 epcis:1 barcode:1 custody:2 query:2 sim:2 store:3 ledger:3 chain:3 node:4 web:5 bench:6 cli:7 contract-tests:0"
PURE="gs1 epcis custody query sim"

found=$(mktemp)
trap 'rm -f "$found"' EXIT

# Names of the crates that crate $1 uses outside of its tests.
uses() {
  awk '
    /^\[/ { inside = /^\[dependencies\]/ }
    inside && match($0, /^[a-z0-9_-]+/) { print substr($0, 1, RLENGTH) }
  ' "crates/$1/Cargo.toml"
}

rank() {
  for pair in $RANKS; do
    [ "${pair%%:*}" != "$1" ] || { echo "${pair#*:}"; return; }
  done
  echo "$1 has no rank: give it one in scripts/arrows.sh, and a line in ARCHITECTURE.md" >&2
  exit 1
}

# Crate $1 must not use one of the libraries $3…; $2 says where not.
not_used() {
  crate=$1 place=$2
  shift 2
  for library in "$@"; do
    if uses "$crate" | grep -qx "$library"; then
      echo "crates/$crate/Cargo.toml: expected no $library $place" >>"$found"
    fi
  done
}

for folder in crates/*/; do
  crate=$(basename "$folder")
  own=$(rank "$crate")
  for used in $(uses "$crate" | sed -n 's/^theriac-//p'); do
    [ "$(rank "$used")" -lt "$own" ] ||
      echo "crates/$crate/Cargo.toml: expected only crates below it, found theriac-$used" >>"$found"
  done
  # bench calls contracts of other patterns, which the client does not know.
  case $crate in ledger | contract-tests | bench) ;; *) not_used "$crate" "outside of crates/ledger" alloy ;; esac
  case $crate in chain | contract-tests) ;; *) not_used "$crate" "outside of crates/chain" revm redb ;; esac
  case $crate in store) ;; *) not_used "$crate" "outside of crates/store" sqlx sea-query sea-query-sqlx ;; esac
  case $crate in web | cli) ;; *) not_used "$crate" "outside of crates/web and crates/cli" axum ;; esac
done

for crate in $PURE; do
  not_used "$crate" "in a pure crate" tokio futures rand reqwest tracing
  grep -rnE 'std::(fs|net|thread|env)|(SystemTime|Instant)' "crates/$crate/src" --include='*.rs' |
    sed 's/$/  (expected no disk, network or clock in a pure crate)/' >>"$found" || true
done
for crate in $PURE store; do
  grep -rnE '(Timestamp|Zoned|SystemTime|Instant)::now\(' "crates/$crate/src" --include='*.rs' |
    sed 's/$/  (expected the time as a parameter)/' >>"$found" || true
done

if [ -s "$found" ]; then
  cat "$found" >&2
  exit 1
fi
echo "arrows: crates use only what is below them, each large library has one home, the pure crates are pure"
