#!/bin/sh
# Puts one fault after the other into the contracts (crates/contract-tests/mutants/list.txt) and runs the contracts' tests
# on each until one fails. Fails if a fault survives all of them. Each is compiled to a folder of its own; nothing is built
# in Rust but once.
#
# usage: scripts/mutants.sh [NUMBER…]    only the mutants of these numbers
set -eu

cd "$(dirname "$0")/.."
root=$PWD
mutants=$root/crates/contract-tests/mutants
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Fast ones first; few cases of each property are enough for a fault that matters.
TESTS="reverts custody registry documents vectors prop histories"
THERIAC_RUNS=${THERIAC_RUNS:-60}
RUST_BACKTRACE=0
export THERIAC_RUNS RUST_BACKTRACE

count=$(node "$mutants/mutate.mjs" "$mutants/list.txt" --check)
[ $# -gt 0 ] || set -- $(seq 1 "$count")

# The test programs, in the order of TESTS.
cargo test -q -p theriac-contract-tests --no-run --message-format=json >"$work/build.json"
for test in $TESTS; do
  sed -n "s/.*\"name\":\"$test\".*\"executable\":\"\([^\"]*\)\".*/\1/p" "$work/build.json" | tail -n 1
done >"$work/programs"
[ "$(wc -l <"$work/programs")" -eq "$(echo "$TESTS" | wc -w)" ] || { echo "test programs are missing" >&2; exit 1; }

# Runs the programs on the artefacts of folder $1 until one fails; prints its name.
cat >"$work/run.sh" <<'RUN'
while read -r program; do
  THERIAC_ARTIFACTS=$1 timeout 300 "$program" --quiet >/dev/null 2>&1 </dev/null || { basename "$program" | sed 's/-[0-9a-f]*$//'; exit 0; }
done <"$2"
RUN

# One mutant: what became of it, on one line.
cat >"$work/one.sh" <<'ONE'
folder=$4/m$1
if ! name=$(node "$2/mutate.mjs" "$2/list.txt" "$1" "$folder" 2>"$folder.error"); then
  echo "INVALID  $1 $(head -n 1 "$folder.error")"
  exit 0
fi
by=$(sh "$4/run.sh" "$folder" "$4/programs")
if [ "$1" = 0 ]; then echo "$name: ${by:-all hold}"
elif [ -n "$by" ]; then echo "killed   $1 $name, by $by"
else echo "SURVIVED $1 $name"; fi
rm -rf "$folder"
ONE

# Without a fault all must hold.
cd "$root/crates/contract-tests"
sh "$work/one.sh" 0 "$mutants" "$root" "$work" | tee "$work/result"
grep -q ': all hold$' "$work/result" || { echo "the tests fail without a fault" >&2; exit 1; }

printf '%s\n' "$@" | xargs -P "$(nproc)" -I {} sh "$work/one.sh" {} "$mutants" "$root" "$work" | tee "$work/result"
killed=$(grep -c '^killed' "$work/result" || true)
echo "$killed of $# mutants killed"
[ "$killed" -eq $# ]
