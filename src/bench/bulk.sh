#!/usr/bin/env bash
# What a bulk costs beside a server that answers after 100 ms: the wall time of 1,000 inputs beside
# what calls and forced appends take by themselves, the peak memory for 10,000 inputs of 10 kB, and
# the time of a call beside a long log (200 MB, or as many as asked for); and one batch of the
# 10,000.
# Needs ./graduate to be built, mvn test-compile for the log, GNU time.
set -euo pipefail
cd "$(dirname "$0")/../.."
megabytes=${1:-200}
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
javac -proc:none -d "$folder" src/bench/BulkBench.java
java -cp "$folder" BulkBench serve "$folder/port" 100 &
server=$!
until [ -e "$folder/port" ]; do sleep 0.1; done
export OPENAI_API_KEY='' OPENAI_BASE_URL
OPENAI_BASE_URL=http://127.0.0.1:$(cat "$folder/port")/v1
echo '{"caps": [], "request": {"model": "m", "max_completion_tokens": 100},
  "prices": {"m": {"input": 1, "output": 1}}}' >"$folder/graduate.json"
echo 'Sum it up.' >"$folder/sum.md"

# Makes a folder $1 of $2 inputs of $3 bytes.
inputs() {
  mkdir "$folder/$1"
  awk -v folder="$folder/$1" -v count="$2" -v bytes="$3" 'BEGIN {
    for (text = "0123456789 words "; length(text) < bytes; ) text = text text
    for (i = 0; i < count; i++) {
      file = sprintf("%s/%05d.txt", folder, i)
      printf "%d %s", i, substr(text, 1, bytes) >file
      close(file)
    }
  }'
  sync # or the first forced append waits for all of them
}

# Asks for folder $1 with log $2, $3 at once; prints the seconds and the peak megabytes.
bulk() {
  # A folder of its own: where files were deleted just now, ext4 is slow to make new ones.
  out=$(mktemp -d "$folder/out.XXXXXX")
  command time -f '%e %M' -o "$folder/time" ./graduate bulk "$folder/sum.md" "$folder/$1" \
    -o "$out" -j "$3" --config "$folder/graduate.json" --logs "$folder/$2"
  awk '{ print $1, $2 / 1000 }' "$folder/time"
}

row() {
  printf '%-44s %9s %9s  %s\n' "$@"
}

./graduate --version >"$folder/version" # which makes the archive
inputs thousand 1000 1000
append=$(java -cp "$folder" BulkBench append "$folder/appended" 4000)
row "one forced append, ms" "$(awk -v s="$append" 'BEGIN { printf "%.2f", s * 1000 }')" "" ""
row "" seconds bound wanted
for jobs in 16 64; do
  read -r seconds _ < <(bulk thousand "log$jobs" "$jobs")
  read -r bound ratio < <(awk -v s="$seconds" -v j="$jobs" -v a="$append" 'BEGIN {
    calls = 1000 / j * 0.1; appends = 2000 * a; b = calls > appends ? calls : appends
    printf "%.2f %.2f\n", b, s / b }')
  row "1,000 inputs, -j $jobs" "$seconds" "$bound" "x 1.25 or less: x $ratio"
done

inputs large 10000 10000
read -r seconds peak < <(bulk large loglarge 64)
row "10,000 inputs of 10 kB, peak MB" "$peak" 250 "250 or less ($seconds s)"

# After the first pass: what 400 inputs more than 100 take, so that start and pass fall out.
inputs few 100 1000
inputs many 500 1000
mkdir "$folder/none"
java -cp target/test-classes:target/graduate.jar graduate.LogGenerator "$folder/long" \
  $((megabytes * 300))
call() {
  rm -rf "$folder/log"
  cp -r "$folder/$1" "$folder/log"
  read -r few _ < <(bulk few log 4)
  rm -rf "$folder/log"
  cp -r "$folder/$1" "$folder/log"
  read -r many _ < <(bulk many log 4)
  awk -v few="$few" -v many="$many" 'BEGIN { printf "%.2f", (many - few) * 1000 / 400 }'
}
none=$(call none) long=$(call long)
ratio=$(awk -v a="$none" -v b="$long" 'BEGIN { printf "%.2f", b / a }')
row "" none "$megabytes MB" ""
row "one call beside a log, ms, -j 4" "$none" "$long" "x 1.10 or less: x $ratio"

# One batch of the 10,000 inputs: handed in, a run beside it while it is open, collected.
batch() {
  command time -f '%e %M' -o "$folder/time" ./graduate bulk "$folder/sum.md" "$folder/large" \
    -o "$folder/outbatch" --batch --config "$folder/graduate.json" --logs "$folder/logbatch" \
    2>>"$folder/said" || [ $? = "$1" ] || { cat "$folder/said" >&2 && exit 1; }
  tail -n 1 "$folder/time" | awk '{ print $1, $2 / 1000 }'
}
# The seconds of ten runs beside log $1.
runs() {
  local start=$EPOCHREALTIME
  for _ in {1..10}; do
    ./graduate "$folder/sum.md" --config "$folder/graduate.json" --logs "$folder/$1" >"$folder/answer"
  done
  awk -v start="$start" -v now="$EPOCHREALTIME" 'BEGIN { print (now - start) / 10 }'
}
row "" seconds MB ""
read -r seconds peak < <(batch 6)
row "10,000 calls handed in" "$seconds" "$peak" "10 s, 300 MB or less"
./graduate "$folder/sum.md" --config "$folder/graduate.json" --logs "$folder/lognone" >"$folder/answer"
runs logbatch >"$folder/warm"
none=$(runs lognone) open=$(runs logbatch)
touch "$folder/port.over"
read -r seconds peak < <(batch 0)
row "10,000 calls collected" "$seconds" "$peak" "15 s or less"
ratio=$(awk -v a="$none" -v b="$open" 'BEGIN { printf "%.2f", b / a }')
row "" none open ""
row "one run beside an open batch, s" "$none" "$open" "x 1.10 or less: x $ratio"
