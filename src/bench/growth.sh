#!/usr/bin/env bash
# What a run costs as the log grows: one replay beside a log of 10 lines and beside one of 300,000
# (or as many as asked for; about 1 GB); beside two of 20,000 calls (or as many as asked for next),
# all with one input or each with one of its own; then rebuilding the cache from a tenth of the long
# log and from all of it. Needs ./graduate to be built, mvn test-compile for the generator, hyperfine, GNU time.
set -euo pipefail
cd "$(dirname "$0")/../.."
lines=${1:-300000} calls=${2:-20000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
classes=target/test-classes:target/graduate.jar
replay="./graduate run prompts/standup.md --replay"

# Prints the median of numbers, one a line.
median() {
  sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}

# Prints the median of the seconds that the rest takes.
seconds() {
  hyperfine -N --warmup 2 --runs "$1" --export-csv "$folder/csv" "$2" >"$folder/out" 2>&1 ||
    { cat "$folder/out" >&2; return 1; }
  awk -F, 'END { print $(NF - 4) }' "$folder/csv"
}

# Prints the median of the peak memory of five runs, in MB.
megabytes() {
  for _ in 1 2 3 4 5; do
    command time -a -o "$folder/peaks" -f %M "$@" >"$folder/out"
  done
  awk '{ print $1 / 1000 }' "$folder/peaks" | median
  rm "$folder/peaks"
}

# Prints a label, what is measured and what is wanted.
row() {
  printf '%-34s %9s %9s %11s  %s\n' "$@"
}

java -cp "$classes" graduate.LogGenerator "$folder/small" 10
java -cp "$classes" graduate.LogGenerator "$folder/large" "$lines"
java -cp "$classes" graduate.LogGenerator "$folder/same" $((2 * calls)) 1
java -cp "$classes" graduate.LogGenerator "$folder/distinct" $((2 * calls))
mkdir "$folder/tenth"
(umask 077 && head -n $((lines / 10)) "$folder/large/audit.jsonl" >"$folder/tenth/audit.jsonl")
for log in small large same distinct; do
  $replay --logs "$folder/$log" >"$folder/out" # leaves a cache that is valid
done

# Compares a replay beside the first log with one beside the second.
replays() {
  for _ in 1 2 3 4 5; do # in turn: others may use the machine for a while
    seconds 7 "$replay --logs $folder/$1" >>"$folder/$1.s"
    seconds 7 "$replay --logs $folder/$2" >>"$folder/$2.s"
  done
  local first second ratio
  first=$(median <"$folder/$1.s") second=$(median <"$folder/$2.s")
  ratio=$(awk -v a="$first" -v b="$second" 'BEGIN { printf "x %.2f", b / a }')
  row "one replay, median s" "$(printf %.3f "$first")" "$(printf %.3f "$second")" "$ratio" "x 1.10 or less"
}

row "" small large "" wanted
replays small large
# shellcheck disable=SC2086 # $replay is words
small=$(megabytes $replay --logs "$folder/small") large=$(megabytes $replay --logs "$folder/large")
more=$(awk -v a="$small" -v b="$large" 'BEGIN { printf "%+.1f", b - a }')
row "one replay, peak MB" "$(printf %.1f "$small")" "$(printf %.1f "$large")" "$more" "+8.0 or less"

row "" "one input" distinct "" wanted
replays same distinct
same=$(wc -c <"$folder/same/spend.json") distinct=$(wc -c <"$folder/distinct/spend.json")
row "spend.json, bytes" "$same" "$distinct" "$(printf %+d $((distinct - same)))" "+2000 or less"

row "" tenth all "" wanted
rm "$folder/large/spend.json"
rates=()
peaks=()
for log in tenth large; do
  taken=$(seconds 5 "./graduate spend --logs $folder/$log")
  rates+=("$(awk -v bytes="$(wc -c <"$folder/$log/audit.jsonl")" -v s="$taken" \
    'BEGIN { printf "%.0f", bytes / 1e6 / s }')")
  peaks+=("$(printf %.1f "$(megabytes ./graduate spend --logs "$folder/$log")")")
done
row "rebuilding the cache, MB/s" "${rates[@]}" "" "all: 200 or more, start of Java and all"
more=$(awk -v a="${peaks[0]}" -v b="${peaks[1]}" 'BEGIN { printf "%+.1f", b - a }')
row "rebuilding the cache, peak MB" "${peaks[@]}" "$more" "about +0: the same for any log"
