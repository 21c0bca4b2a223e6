#!/usr/bin/env bash
# How long candidates takes for a made-up export (by default 300 MB of JSON in a zip, one conversation
# of 20 MB in it) in 1 GB of heap, and how many times as long as reading the same trees and dropping
# them: at most 2. Both run in the same kind of Java. Needs target/graduate.jar, and mvn test-compile
# for the generator.
set -euo pipefail
cd "$(dirname "$0")/../.."
megabytes=${1:-300}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
java=(java -Xmx1g -XX:+UseSerialGC)

# Prints how many seconds a command takes, in thousandths.
timed() {
  local start
  start=$(date +%s%N)
  "$@" >"$folder/out"
  echo $((($(date +%s%N) - start) / 1000000))
}

large=(-cp target/test-classes:target/graduate.jar graduate.export.LargeExport)
"${java[@]}" "${large[@]}" write "$folder/export.zip" "$megabytes"
for _ in 1 2 3; do
  trees=$(timed "${java[@]}" "${large[@]}" read "$folder/export.zip")
  candidates=$(timed "${java[@]}" -jar target/graduate.jar candidates "$folder/export.zip")
  awk -v t="$trees" -v c="$candidates" \
    'BEGIN { printf "trees %5.1f s   candidates %5.1f s   ratio %.2f\n", t / 1e3, c / 1e3, c / t }'
done
