#!/usr/bin/env bash
# How fast candidates reads a made-up export (by default 300 MB of JSON in a zip, one conversation of
# 20 MB in it) in 256 MB of heap, beside plain reading by Jackson. Needs ./graduate to be built, and
# mvn test-compile for the generator.
set -euo pipefail
cd "$(dirname "$0")/../.."
megabytes=${1:-300}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GRADUATE_JAVA_OPTS="-Xmx256m"
classes=target/test-classes:target/graduate.jar

# Runs a command and prints under a label how long it took.
timed() {
  local label=$1 start end
  shift
  start=$(date +%s%N)
  "$@" > "$folder/out"
  end=$(date +%s%N)
  awk -v ns=$((end - start)) -v mb="$megabytes" -v label="$label" \
    'BEGIN { s = ns / 1e9; printf "%-28s %6.2f s  %4.0f MB/s\n", label, s, mb / s }'
}

java -cp "$classes" graduate.export.LargeExport write "$folder/export.zip" "$megabytes"
for _ in 1 2 3; do
  timed "plain reading by Jackson" java -Xmx256m -cp "$classes" \
    graduate.export.LargeExport read "$folder/export.zip"
  timed "graduate candidates" ./graduate candidates "$folder/export.zip"
done
