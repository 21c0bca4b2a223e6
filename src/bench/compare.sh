#!/usr/bin/env bash
# How long compare takes for two answers of 100,000 words, shuffled, under -Xmx256m: for each report
# and kind of text the seconds from start to end of a fresh JVM, those of processor time in it (what
# counts where others use the machine), and the bytes of the report.
# Needs target/graduate.jar (mvn package).
set -euo pipefail
cd "$(dirname "$0")/../.."
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
javac -proc:none -cp target/graduate.jar -d "$classes" src/bench/CompareBench.java
TIMEFORMAT='%R %U'
row() {
  printf '%-6s %9s %9s %9s %8s %6s %9s\n' "$@"
}
row report words different per-line seconds cpu bytes
while read -r words different line; do
  for report in json text html; do
    read -r seconds cpu < <( { time java -Xmx256m -cp "target/graduate.jar:$classes" CompareBench \
      "$report" "$words" "$different" "$line" >"$classes/out"; } 2>&1)
    row "$report" "$words" "$different" "$line" "$seconds" "$cpu" "$(wc -c <"$classes/out")"
  done
done <<'TEXTS'
100000 5000 12
100000 100000 12
100000 5000 100000
100000 5000 1
100000 2 12
20000 5000 12
TEXTS
