#!/bin/sh
# A ratchet: no function above 70 lines in crates/*/src, no source file above 600, no promise without an issue, no path or
# package host of one machine.
set -eu

cd "$(dirname "$0")/.."

FUNCTION_LINES_MAX=70
FILE_LINES_MAX=600

list=$(mktemp) && found=$(mktemp)
trap 'rm -f "$list" "$found"' EXIT

# Every file that is committed or could be.
git ls-files --cached --others --exclude-standard | sort -u | while read -r file; do
  [ ! -f "$file" ] || echo "$file"
done >"$list"

# awk program $1 over the listed files that match the pattern $2; what it prints is a finding.
over() {
  grep -E "$2" "$list" | tr '\n' '\0' | xargs -0 awk -v fn_max="$FUNCTION_LINES_MAX" -v file_max="$FILE_LINES_MAX" "$1" >>"$found"
}

# rustfmt puts the end of a function under the column of its beginning, so indentation is enough.
# shellcheck disable=SC2016
over '
  FNR == 1 { split("", first) }
  { match($0, /^ */); indent = RLENGTH }
  /^ *(pub(\([a-z: ]+\))? )?(default )?(const )?(async )?(unsafe )?(extern "[^"]*" )?fn [A-Za-z_]/ {
    for (column in first) if (column + 0 >= indent) delete first[column]
    if ($0 !~ /[;}]$/) { first[indent] = FNR; name[indent] = $0 }
    next
  }
  /^ *[})].*;$/ { delete first[indent] }
  /^ *}$/ && indent in first {
    lines = FNR - first[indent] + 1
    if (lines > fn_max) {
      sub(/^.*fn /, "", name[indent]); sub(/[^A-Za-z0-9_].*$/, "", name[indent])
      print FILENAME ":" first[indent] ": expected at most " fn_max " lines, found " lines " in function " name[indent]
    }
    delete first[indent]
  }
' '^crates/[^/]+/src/.*\.rs$'

over '
  FNR == file_max + 1 { print FILENAME ": expected at most " file_max " lines, found more" }
' '\.(rs|sol|mjs|sh)$'

over '
  /(TODO|FIXME)/ && !/issue [0-9]+/ { print FILENAME ":" FNR ": expected the number of an issue (issue N) beside it, found " $0 }
' '^(crates|contracts|engine|tools|vectors|docs)/.*\.(rs|sol|mjs|go|toml|md)$'

over '
  /(^|[^A-Za-z0-9_.}-])\/(work|root)\// { print FILENAME ":" FNR ": expected no path of one machine, found " $0 }
' '\.(rs|sol|mjs|go|sh|toml|md|json|ya?ml)$|^Makefile$|^\.ci/'

# A lock file that names another host than the public one cannot be installed elsewhere.
over '
  /^source = / && !/"registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index"/ ||
  /"resolved": / && !/"https:\/\/registry\.npmjs\.org\// { print FILENAME ":" FNR ": expected the public registry, found " $0 }
' '(^|/)(Cargo\.lock|package-lock\.json)$'

grep -E '(^|/)\.npmrc$|(^|/)\.cargo/' "$list" | sed 's/$/: expected no settings of one machine/' >>"$found"

if [ -s "$found" ]; then
  cat "$found" >&2
  exit 1
fi
echo "tidy: $(wc -l <"$list") files, no function above $FUNCTION_LINES_MAX lines, no source file above $FILE_LINES_MAX"
