#!/usr/bin/env bash
# How long a run takes, launcher and all, against a server on loopback that answers at once: beside an empty
# main, the barest Java program that makes the same call, and curl. Medians, ratios and peak memory, in one run.
#   src/bench/start.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-20}

for tool in hyperfine jq curl /usr/bin/time javac keytool; do
  type -P "$tool" >/dev/null || { printf 'start.sh: %s is missing\n' "$tool" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'kill "${server:-$$}" 2>/dev/null || true; rm -rf "$work"' EXIT
javac -d "$work" src/bench/StartBench.java
exec 3>&1 >"$work/log" 2>&1
keytool -genkeypair -alias bench -keyalg EC -dname CN=127.0.0.1 -ext san=ip:127.0.0.1 -storetype PKCS12 \
  -keystore "$work/keys" -storepass changeit
keytool -exportcert -alias bench -keystore "$work/keys" -storepass changeit -file "$work/certificate"
exec >&3 2>&3 3>&-
mkfifo "$work/urls"
java -cp "$work" StartBench\$Server "$work/keys" >"$work/urls" &
server=$!
read -r http https <"$work/urls"

export OPENAI_API_KEY=sk-a-key-as-long-as-that-of-a-project-is
printf 'Hello' >"$work/hello.md"
for name in http https slow; do
  url=$http
  [[ $name != https ]] || url=$https
  [[ $name != slow ]] || url=$http/slow
  printf '{"base_url": "%s/v1", "request": {"model": "gpt-5.6-luna", "max_completion_tokens": 100},
    "caps": [{"usd": 1000, "per": "day"}, {"usd": 1000, "per": "month"}]}' "$url" >"$work/$name.json"
done
run() {
  printf './graduate run %s/hello.md -q --logs %s/logs --config %s/%s.json' "$work" "$work" "$work" "$1"
}

# Prints a table of commands, given as NAME COMMAND ..., the first of which all are compared with.
table() {
  local -a names=() commands=()
  while (($#)); do
    names+=(-n "$1")
    commands+=("$2")
    shift 2
  done
  hyperfine -N --warmup 3 --runs "$runs" --export-json "$work/times" "${names[@]}" "${commands[@]}" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }
  local i=0 name median ratio peak
  while IFS=$'\t' read -r name median ratio; do
    # shellcheck disable=SC2086 # the command is words
    peak=$(/usr/bin/time -f %M ${commands[i]} 2>&1 >/dev/null | tail -n 1)
    i=$((i + 1))
    printf '  %-24s %7.1f ms  x %4.2f  %6.1f MB\n' "$name" "$median" "$ratio" "$(jq -n "$peak / 1024")"
  done < <(jq -r '.results | .[0].median as $first | .[] |
    [.command, .median * 1000, .median / $first] | @tsv' "$work/times")
}

# Prints the user and system time together of one run, ms.
cpu() {
  local TIMEFORMAT='%3U %3S' command
  command=$(run "$1")
  # shellcheck disable=SC2086 # words
  { time $command >/dev/null 2>&1; } 2>&1 | awk '{ print ($1 + $2) * 1000 }'
}

# Prints the median of 15 numbers, one a line.
median() {
  sort -n "$1" | sed -n 8p
}

for major in 17 25; do
  JAVA_HOME=
  for home in /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/*; do
    if [[ -x $home/bin/java && -r $home/release ]] && grep -q "^JAVA_VERSION=\"${major}[.\"]" "$home/release"; then
      JAVA_HOME=$(readlink -f "$home")
    fi
  done
  if [[ -z $JAVA_HOME ]]; then
    printf 'Java %s: not installed\n' "$major"
    continue
  fi
  export JAVA_HOME
  java=$JAVA_HOME/bin/java
  trusted=$work/trusted$major
  cp -L "$JAVA_HOME/lib/security/cacerts" "$trusted"
  chmod u+w "$trusted"
  keytool -importcert -noprompt -alias bench -file "$work/certificate" -keystore "$trusted" -storepass changeit \
    >"$work/log" 2>&1
  trust=-Djavax.net.ssl.trustStore=$trusted
  ./graduate --version >/dev/null # makes what has to be made

  printf 'Java %s, plain\n' "$major"
  table 'barest program' "$java -cp $work StartBench\$Barest $http/v1" \
    'graduate run' "$(run http)" \
    'graduate run --dry-run' "$(run http) --dry-run" \
    'graduate run --replay' "./graduate prompts/standup.md --replay --logs $work/logs" \
    'graduate --help' './graduate --help' \
    'empty main' "$java -cp $work StartBench\$Empty" \
    'curl' "curl -sf -H Content-Type:application/json -d @$work/hello.md $http/v1/chat/completions"
  printf 'Java %s, TLS, with the full store of authorities\n' "$major"
  # Options of one's own take the place of the launcher's, so these are given too.
  GRADUATE_JAVA_OPTS="$trust -XX:CICompilerCount=1 -Xms40m" table 'barest program' "$java $trust -cp $work StartBench\$Barest $https/v1" \
    'graduate run' "$(run https)"
  for _ in {1..15}; do # in turn: a processor that has rested is slower
    cpu http >>"$work/once$major"
    cpu slow >>"$work/later$major"
  done
  once=$(median "$work/once$major")
  later=$(median "$work/later$major")
  printf 'Java %s, processor time: %s ms where the answer comes at once, %s ms after 3 s: x %.2f\n' \
    "$major" "$once" "$later" "$(jq -n "$later / $once")"
done
