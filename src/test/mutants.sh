#!/usr/bin/env bash
# Takes one guard after the other out of a copy of the sources: the tests that hold it must turn red.
set -euo pipefail

usage() {
  cat <<USAGE
Usage: src/test/mutants.sh [MUTANT...]

Runs the tests of these mutants without a mutant, where they must be green, then with each of them:
it is killed if all of its tests are red. Exits with 1 if one survived; with 2 if one no longer
applies or compiles, or a test is gone. Without names it takes a few minutes for all of these:
  ${names[*]}
USAGE
}

die() {
  printf 'mutants.sh: %s\n' "$1" >&2
  exit 2
}

names=()
declare -A file edit tests

# mutant NAME FILE SED-SCRIPT CLASS#METHOD...: the file is one in src/main/java/graduate.
mutant() {
  local name=$1
  names+=("$name")
  file[$name]=src/main/java/graduate/$2
  edit[$name]=$3
  shift 3
  tests[$name]=$*
}

mutant no-force audit/LogWriter.java \
  's/to\.force\(false\);//' \
  FailedWriteTest#aFailedForceIsNotTriedAgain

# The response line's force then covers both lines.
mutant force-after-sending audit/LogWriter.java \
  's/to\.force\(false\);/if (!"request".equals(LogLine.parse(line, 0, line.length).type())) &/' \
  FailedWriteTest#aFailedForceIsNotTriedAgain

mutant force-tried-again audit/LogWriter.java \
  's/to\.force\(false\);/try { & } catch (IOException e) { & }/' \
  FailedWriteTest#aFailedForceIsNotTriedAgain

mutant files-write audit/LogWriter.java \
  's/to\.write\(bytes\);/length; Files.write(log.path(), bytes.array(), StandardOpenOption.APPEND);/' \
  FailedWriteTest#aShortWriteIsAFailedWrite FailedWriteTest#aFailedForceIsNotTriedAgain

mutant lock-on-the-log audit/AuditLog.java \
  's/"audit\.lock"/"audit.jsonl"/' \
  RaceIT#whoReadsTheLogWhileItWritesKeepsItsLock

mutant no-one-shot-body openai/ChatClient.java \
  '/isOneShot\(\) \{/,/\}/s/true/false/' \
  ChatClientTest#sendsOnceWhateverTheStatus

mutant redirects-on openai/Preload.java \
  's/(followRedirects|followSslRedirects)\(false\)/\1(true)/' \
  ChatClientTest#sendsOnceWhateverTheStatus ChatClientTest#followsARedirectToTheSameHostAsLittle \
  ExitCodeIT#aRedirectIs5AndNotFollowed

mutant cap-outside-the-lock spend/Ledger.java \
  '/Duration wait, Request request\) \{/s/$/ Balance outside = balance();/
   s/opened\.balance\(\)(\.standing\(cap, now\))/outside\1/' \
  LedgerTest#countsWhatOthersWroteWhileItWaitedForTheLock

mutant cache-not-checked spend/BalanceCache.java \
  's/!Arrays\.equals\(zeroed, file\)/false/' \
  CacheTest#anyByteChanged

mutant cache-of-any-log audit/LogReader.java \
  's/return same \?/return true ?/' \
  CacheTest#ofAnotherLog DamageTest#theTailCutOff

mutant lost-answer-released openai/ChatResponse.java \
  's/return !reply\.sent\(\) \|\|/return reply.status() == 0 ||/' \
  ChatResponseTest#knowsWhatAReplyMeansThatEndedEarly ExitCodeIT#theDeadlineIs6AndStaysHeld \
  RunIT#aConnectionResetInMidBodyOrAtOnceIsOneRequestLineAndHeld

mutant lost-by-signal-released run/PromptRunner.java \
  's/entry\.replay\(\) \? BigDecimal\.ZERO : null/BigDecimal.ZERO/' \
  KillIT#whileTheServerHoldsTheAnswerTheReservationCounts

# Runs these tests in the copy, and notes which ran and which were red: as CLASS#METHOD, without what
# a parameterized test adds to it.
try() {
  local unit=none process=none goal=test one
  for one in "$@"; do
    case ${one%#*} in
      *IT) process+=,$one goal=verify ;;
      *) unit+=,$one ;;
    esac
  done
  rm -rf "$copy"/target/{surefire,failsafe}-reports
  (cd "$copy" && mvn -B -ntp -P '!checks' "$goal" -Dtest="$unit" -Dit.test="$process" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.test.failure.ignore=true) >"$work/mvn" 2>&1 ||
    die "$name does not build:"$'\n'"$(grep -F '[ERROR]' "$work/mvn")"
  find "$copy/target" -name 'TEST-*.xml' -exec sed -nE \
    's/.*<testcase name="(\w+).*" classname="[^"]*\.(\w+)".*/\2#\1/p' {} + >"$work/ran"
  find "$copy/target" -path '*-reports/*.txt' -exec sed -nE \
    's/^[^ (]*\.(\w+)\.(\w+).* -- Time elapsed: .* <<< .*/\1#\2/p' {} + >"$work/red"
}

chosen=()
for name in "$@"; do
  [[ $name != -h && $name != --help ]] || { usage && exit; }
  [[ -v file[$name] ]] || die "$name: no such mutant. See: src/test/mutants.sh --help"
  chosen+=("$name")
done
((${#chosen[@]})) || chosen=("${names[@]}")

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/copy
mkdir "$copy"
cp -R src pom.xml "$copy"

for name in "${chosen[@]}"; do
  sed -E "${edit[$name]}" "${file[$name]}" >"$work/$name"
  ! cmp -s "${file[$name]}" "$work/$name" || die "$name: changes nothing in ${file[$name]}"
done

mapfile -t all < <(for name in "${chosen[@]}"; do tr ' ' '\n' <<<"${tests[$name]}"; done | sort -u)
name='the copy'
try "${all[@]}"
[[ ! -s $work/red ]] || die "red without a mutant: $(sort -u "$work/red" | xargs)"
for one in "${all[@]}"; do
  grep -qxF "$one" "$work/ran" || die "$one: no such test"
done
printf 'green    without a mutant: %s\n' "${all[*]}"

survivors=0
for name in "${chosen[@]}"; do
  read -ra by <<<"${tests[$name]}"
  cp "$work/$name" "$copy/${file[$name]}"
  try "${by[@]}"
  cp "${file[$name]}" "$copy/${file[$name]}"
  green=()
  for one in "${by[@]}"; do
    grep -qxF "$one" "$work/red" || green+=("$one")
  done
  if ((${#green[@]})); then
    survivors=$((survivors + 1))
    printf 'SURVIVED %s: green is %s\n' "$name" "${green[*]}"
  else
    printf 'killed   %s by %s\n' "$name" "${by[*]}"
  fi
done
((survivors == 0))
