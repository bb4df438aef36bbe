#!/bin/sh
# Fuzzes one reader, or all of them one after the other, for SECONDS each; a finding ends it with an error.
# Seeds come from the data folder (THERIAC_DATA, else ../shared/data) where it is there.
set -eu

TARGETS="element_string digital_link urn json xml query"
CARGO_FUZZ=0.13.2

cd "$(dirname "$0")/.."

targets=${1:-all} seconds=${2:-600}
[ "$targets" != all ] || targets=$TARGETS

[ "$(cargo fuzz --version 2>/dev/null)" = "cargo-fuzz $CARGO_FUZZ" ] ||
  cargo install cargo-fuzz --version "$CARGO_FUZZ" --locked

data=${THERIAC_DATA:-../shared/data}
if [ -d "$data" ]; then
  node fuzz/seeds.mjs "$data"
else
  echo "no data folder at $data: fuzzing from what fuzz/corpus has" >&2
fi

# The readers have no unsafe code, so no sanitizer; the compiler of the project serves, as cargo-fuzz
# asks only for its coverage flags.
export RUSTC_BOOTSTRAP=1
for target in $targets; do
  mkdir -p "fuzz/corpus/$target"
  cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len=65536 -verbosity=0 -print_final_stats=1
done
