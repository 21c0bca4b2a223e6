#!/usr/bin/env bash
# Takes one guard after the other out of a copy of the program: the tests that hold it must turn red.
set -euo pipefail

usage() {
  cat <<USAGE
Usage: src/test/mutants.sh [MUTANT...]

Runs the tests of these mutants without a mutant, where they must be green, then with each of them:
it is killed if all of its tests are red. Exits with 1 if one survived; with 2 if one no longer
applies or compiles, or a test is gone. Without names it takes a quarter of an hour for all of these:
  ${names[*]}
USAGE
}

die() {
  printf 'mutants.sh: %s\n' "$1" >&2
  exit 2
}

names=()
declare -A file edit tests

# mutant NAME FILE SED-SCRIPT CLASS#METHOD...: the file is one in src/main/java/graduate, or graduate.
mutant() {
  local name=$1
  names+=("$name")
  file[$name]=src/main/java/graduate/$2
  [[ $2 == */* ]] || file[$name]=$2
  edit[$name]=$3
  shift 3
  tests[$name]=$*
}

## Nothing unrecorded: the log

mutant no-force audit/LockedLog.java \
  's/to\.force\(false\);/if (!to.isOpen()) &/' \
  FailedWriteTest#aFailedForceIsNotTriedAgain

# The response line's force then covers both lines.
mutant force-after-sending spend/Session.java \
  's/^    force\(\);/    if (!entry.type().equals("request")) force();/' \
  SyscallFaultIT#eachForceFails

mutant force-tried-again audit/LockedLog.java \
  's/to\.force\(false\);/try { & } catch (IOException e) { & }/' \
  FailedWriteTest#aFailedForceIsNotTriedAgain

mutant files-write audit/LockedLog.java \
  's/to\.write\(bytes\);/length; Files.write(log.path(), bytes.array(), StandardOpenOption.APPEND);/' \
  FailedWriteTest#aShortWriteIsAFailedWrite FailedWriteTest#aFailedForceIsNotTriedAgain

mutant lock-on-the-log audit/AuditLog.java \
  's/"audit\.lock"/"audit.jsonl"/' \
  RaceIT#whoReadsTheLogWhileItWritesKeepsItsLock

mutant torn-tail-not-closed audit/LockedLog.java \
  's/closes = !reader\.endsWithNewline\(\)/closes = false/' \
  TornTailTest#cutAtEveryByteItIsSealedAndRecordedAndTheLogReadsOn \
  LogIT#aTornTailIsClosedByTheNextWriterAndNothingIsTruncated

mutant prev-not-checked audit/LogReader.java \
  's/follows = line\.prev\(\)\.equals\(position\.hash\(\)\)/follows = true/' \
  DamageTest#aChangedByteInAnEarlierLineIsNamedByItsLinesOffset \
  LogIT#damageIs9UntilItIsAcceptedAndNoAmountIsLost

# Finding 9.
mutant damage-found-outside-the-lock spend/Ledger.java \
  '/Optional<Accepted> acceptDamage\(\) \{/s/$/ LogException early = null; try { Verified unused = verify(Optional.empty()); } catch (LogException e) { early = e; }/
   s/verify\(locked\.reader\(\), cached, Optional\.empty\(\)\);/if (early != null) { throw early; }/' \
  AcceptDamageTest#damageIsLookedForUnderTheLock

# Finding 58.
mutant no-log-verified spend/Ledger.java \
  's/cached\.isEmpty\(\) && !log\.exists\(\)/false/' \
  LogIT#anEmptyLogIsNoFault

# Finding 12.
mutant mount-table audit/LockedLog.java \
  's/long room = .*/long room; try { room = Files.getFileStore(log.path()).getUsableSpace(); } catch (IOException e) { throw LogException.failed(log.path(), e); }/' \
  ArchitectureTest#nothingAsksForTheMountTable

## One request a line, no answer lost

mutant no-one-shot-body openai/ChatClient.java \
  '/isOneShot\(\) \{/,/\}/s/true/false/' \
  ChatClientTest#sendsOnceWhateverTheStatus

mutant redirects-on openai/Preload.java \
  's/(followRedirects|followSslRedirects)\(false\)/\1(true)/' \
  ChatClientTest#sendsOnceWhateverTheStatus ChatClientTest#followsARedirectToTheSameHostAsLittle \
  ExitCodeIT#aRedirectIs5AndNotFollowed

# Finding 1. Java 25 asks a pipe no more, so the tests need a Java 17.
mutant position-of-a-pipe prompt/Text.java \
  's/ bytes\(in\)\)/ in.readNBytes(LARGEST + 1))/' \
  StdinIT#isReadWhateverItIs

# Finding 2: the way to a second request, gate by gate.
mutant stop-forgotten run/PromptRunner.java \
  's/gate\.close\(\);//' \
  KillIT#whileAReplyThatMayBeTriedAgainIsRecordedNoSecondRequestLeaves

mutant stop-ignored-before-an-attempt run/PromptRunner.java \
  's/gate\.isClosed\(\) \|\| //' \
  KillIT#whileItWaitsForTheLockNothingIsWrittenNorSent

mutant cancel-ignored-before-sending openai/ChatClient.java \
  's/if \(cancelled\)/if (false)/' \
  ChatClientTest#sendsNothingOnceItIsCancelled

# Finding 3.
mutant not-printed-where-its-file-fails cli/RunCommand.java \
  's/failed = output \+ .*/where = "lost"; &/' \
  OutputFileIT#anAnswerThatNeitherTheLogNorItsFileTakesIsPrinted \
  OutputFileIT#aFolderThatVanishesDuringTheCallIs10AndTheLineSaysWhereTheAnswerIs

# Finding 4.
mutant part-of-a-body-dropped openai/Attempt.java \
  's/return came == null/return came == null || problem != null/' \
  SignalIT#whatCameOfAnAnswerIsRecordedWithItsRequestId \
  MisbehavingServerTest#keepsWhatCameOfAnAnswerThatWasCut

# Finding 5.
mutant only-the-logs-failures-caught run/PromptRunner.java \
  's/catch \(RuntimeException \| Error e\)/catch (LogException e)/' \
  UnrecordedTest#theAnswerIsPrintedAnd10 UnrecordedTest#theAnswerIsInItsFileAnd10

# Finding 6.
mutant terminal-gone-throws cli/Console.java \
  's|// As said\.|throw new java.io.UncheckedIOException(e);|' \
  StreamsIT#aTerminalThatGoesAwayWhileItWaitsKeepsNoAnswerFromItsFile

# Finding 11.
mutant any-file-is-output cli/Failure.java \
  's/Exit\.UNUSABLE, place/Exit.UNDELIVERED, place/' \
  FailureTest#whatFailsBeforeARequestOrWithoutOneIs3

# Finding 54.
mutant standard-output-replaced cli/OutputFile.java \
  's/STANDARD_OUTPUT\.contains\(name\)/false/' \
  OutputFileIT#standardOutputIsWrittenBehindWhatStandsThere

# Finding 54. Never with a test that names a device: its node would be replaced.
mutant pipe-replaced cli/OutputFile.java \
  's/Files\.isRegularFile\(file\) \|\| !Files\.exists\(file\)/true/' \
  OutputFileIT#aNamedPipeIsWrittenToAndStays

# Finding 55.
mutant input-replaced cli/OutputFile.java \
  's/return key == null \? real\(file\) : key;/return real(file);/' \
  OutputFileIT#whatIsReadOrRecordedIsNotReplaced

mutant log-replaced cli/OutputFile.java \
  's/if \(log \|\| /if (/' \
  OutputFileIT#whatIsReadOrRecordedIsNotReplaced CompareIT#aPageReplacesNothingThatIsReadOrRecorded

mutant saved-input-replaced cli/OutputFile.java \
  's/beside \|\| kept/kept/' \
  OutputFileIT#theSavedInputThatAReplaySendsIsNotReplacedEither

# Finding 57.
mutant closed-streams-left-closed graduate \
  '/^true 3>&2/d' \
  StdinIT#closedItIs3AndNothingIsSent StreamsIT#whatIsClosedStaysSoAndTheAnswerIsOnTheLog

## Never over the cap

mutant cap-outside-the-lock spend/Ledger.java \
  's/LockedLog locked = log\.lock\(wait\);/Balance outside = balance(); &/
   s/new Session\(this, locked, read\(.*\)\)/new Session(this, locked, outside)/' \
  LedgerTest#countsWhatOthersWroteWhileItWaitedForTheLock

mutant cache-not-checked spend/BalanceCache.java \
  's/file\.startsWith\(.*\);/true;/' \
  CacheTest#anyByteChanged

mutant cache-of-any-log audit/LogReader.java \
  's/moveBehind\(same \? at : Position\.START\)/moveBehind(at)/; s/return same;/return true;/' \
  CacheTest#ofAnotherLogIsDamage DamageTest#theTailCutOff

# Finding 7.
mutant cache-of-any-version spend/BalanceCache.java \
  's/json\.path\("version"\)\.asInt\(\) == VERSION/true/' \
  CacheTest#ofAnotherVersionOrOfNone SpendIT#aCacheOfAnotherVersionSaysNothing

# Finding 8.
mutant cache-grows-with-calls spend/Balance.java \
  's/^    open\.remove\(line\.call\(\)\);/    if (call != null) { open.put(call.id(), call.settledAt(BigDecimal.ZERO)); }/' \
  CacheTest#growsWithDaysAndOpenCallsAlone SpendIT#theCacheDoesNotGrowWithDifferentInputs

# Finding 10.
mutant an-empty-word-is-an-id spend/Held.java \
  's/!id\.isEmpty\(\) && //' \
  LedgerTest#anEmptyWordIsNoId

mutant settled-one-by-one spend/Held.java \
  's/Collection<OpenCall> calls = named\(ids\);/if (ids.size() > 1) { ids.forEach(id -> settle(List.of(id), usd, why)); } &/' \
  LedgerTest#settlesAllOrNone SpendIT#aCallThatMayStillRunIsNotSettledNorAnyBesideIt

mutant lost-answer-released openai/ChatResponse.java \
  's/return !reply\.sent\(\) \|\|/return reply.status() == 0 ||/' \
  ChatResponseTest#knowsWhatAReplyMeansThatEndedEarly ExitCodeIT#theDeadlineIs6AndStaysHeld \
  RunIT#aConnectionResetInMidBodyOrAtOnceIsOneRequestLineAndHeld

mutant lost-by-signal-released run/Job.java \
  's/if \(response\.unbilled\(\)/& || response.outcome() == Outcome.UNKNOWN/' \
  KillIT#whileTheServerHoldsTheAnswerTheReservationCounts

mutant earlier-attempts-forgotten run/PromptRunner.java \
  's/job\.caps\(\), own\)/job.caps(), Committed.NOTHING)/' \
  RunIT#maxUsdBoundsAllAttemptsAndTheLastOnesExitCodeStays

mutant once-per-outside-the-lock spend/OncePer.java \
  's/next = ledger\.log\(\)\.each\(next, this::take\);//' \
  LedgerTest#onceSeesWhatWasWrittenSinceItReadTheLog

# Finding 14.
mutant longer-life-at-our-price openai/ChatRequest.java \
  's/!cacheTtl\.isEmpty\(\) && !cacheTtl\.equals\("30m"\)/false/' \
  ExitCodeIT#aLongerLifeOfThePromptCacheNeedsAPriceOfOnesOwn

mutant longer-life-at-no-price cli/RunOptions.java \
  's/!table\.isOwn\(request\.model\(\)\)/true/' \
  ExitCodeIT#aLongerLifeOfThePromptCacheNeedsAPriceOfOnesOwn

# Finding 15.
mutant default-about-to-end prompt/Settings.java \
  's/"gpt-5\.6-luna"/"gpt-5-mini"/' \
  SamplesTest#askForAModelWithAPriceThatIsNotAboutToEnd

# Finding 56.
mutant tiers-everywhere spend/Price.java \
  's/table\.hasTiers\(\) \? auto : PriceRow\.STANDARD/auto/; s/ && table\.hasTiers\(\)//' \
  PriceTest#tiersMeanNothingElsewhere SpendIT#tiersMeanNothingToALocalServer

# Finding 59.
mutant rates-of-another-row spend/Price.java \
  's/rates\.json\(\)/&.put("input", 77)/' \
  PriceTest#theRatesThatWereUsedSayWhatACallCost SpendIT#aCostCanBeComputedAgainFromItsLine

# Finding 60.
mutant too-few-tokens-believed spend/Usage.java \
  's/completion >= texts/completion >= 0/' \
  UsageTest#isNotBelievedWhereItCountsFewerTokensThanChoicesWithText \
  SpendIT#usageThatTheTextsDisproveKeepsTheCallHeld

## Bulk

mutant bulk-asks-what-another-asked run/Bulk.java \
  's/return past\.state\(job\.asked\(\), session\.now\(\)\) != .*;/return false;/' \
  BulkLiveIT#twoAtOnceOverOneFolderAskEachInputOnce

mutant bulk-asks-what-may-still-run run/PastCalls.java \
  's/same\.values\(\)\.stream\(\)\.anyMatch\(.*isOpen\(now\)\)\) \{/false) {/' \
  BulkLiveIT#whatAKilledRunWasAskingIsLeftAloneUntilItsDeadline

mutant bulk-asks-for-ever run/PastCalls.java \
  's/ENOUGH = 6/ENOUGH = 600/' \
  BulkLiveIT#anInputThatAlwaysFailsIsLeftAloneAfterSixCallsOfADay

mutant bulk-pays-again-for-what-was-cut run/PastCalls.java \
  's/\|\| asked\.limit\(\) >= today\.limit\(\)$//
   s/\|\| line\.received.*isEmpty\(\)\);/);/' \
  BulkLiveIT#aRaisedLimitPaysForWhatWasCutAlone

mutant bulk-any-body-will-do run/PastCalls.java \
  's/asked\.rest\(\)\.equals\(today\.rest\(\)\)/true/' \
  BulkIT#anotherBodyIsAnotherQuestion

mutant bulk-begins-in-a-pause run/Gate.java \
  's/Math\.max\(due - nanos, openNanos - nanos\)/due - nanos/' \
  BulkLiveIT#a429PausesTheRetriesOfOthersToo BulkLiveIT#a429PausesWhoWaitsForACapsRoomToo

mutant bulk-table-fails-as-before-a-request cli/BulkResults.java \
  's/IOException \| UncheckedIOException \| Unusable/IOException | Unusable/' \
  BulkIT#anAnswerThatCannotBeWrittenIsOnTheLog

mutant bulk-waits-for-no-room run/PromptRunner.java \
  's/gate\.awaitRoom\(.*\)\) \{/false) {/' \
  BulkLiveIT#aCapWithRoomForFewWorstCasesTakesAllThatCostLess

mutant bulk-max-usd-forgets-the-running run/PromptRunner.java \
  's/committed = committed\.holding\(job\.worst\(\)\);//' \
  BulkLiveIT#maxUsdBoundsTheWholeCommand

mutant bulk-429-uses-up-an-attempt run/PromptRunner.java \
  's/gate\.isForAll\(result\) \? 0 : 1/1/' \
  BulkLiveIT#aStormOf429sUsesUpNoAttempts

mutant bulk-429-pauses-one run/Gate.java \
  's/openNanos = due - openNanos > 0 \? due : openNanos;//' \
  BulkLiveIT#a429PausesTheRetriesOfOthersToo

mutant bulk-goes-on-refused run/Bulk.java \
  's/REFUSES_ALL\.contains\(status\) \|\| quota/quota/' \
  BulkLiveIT#aRefusalThatNoCallEscapesStopsTheRest

mutant bulk-goes-on-after-three-alike run/Bulk.java \
  's/\(alike && !PASSES\.contains\(status\)\)/false/' \
  BulkLiveIT#theSame4xxToTheFirstThreeStopsTheRest

mutant bulk-begins-calls-after-a-signal run/Bulk.java \
  's/gate\.close\(\);//' \
  BulkLiveIT#onASignalCallsInFlightEndAndNoneBegins

mutant batch-goes-on-where-another-did run/BatchLog.java \
  's/if \(batch\.lines\(\) != seen\)/if (false)/' \
  BatchKillIT#whoComesSecondCollectsNothing

mutant batch-handed-in-beside-another run/BatchRunner.java \
  's/batch\.last\(\)\.time\(.*\.isPresent\(\)/false/' \
  BatchKillIT#killedWhileItHandsIn

mutant batch-holds-nothing spend/Balance.java \
  's/if \(state\.equals\("reserved"\)\)/if (false)/' \
  BatchIT#whatIsHandedInIsReservedAndCollected

mutant batch-requests-hold-too spend/Balance.java \
  's/!line\.replay\(\) && line\.batch\(\)\.isEmpty\(\)/!line.replay()/' \
  BatchIT#whatIsHandedInIsReservedAndCollected

mutant batch-created-blindly run/BatchRunner.java \
  's/apiId = find\(batch, false\)\.orElseThrow\(\);/return handIn(batch);/' \
  BatchHandInIT#aCreationWhoseReplyIsLostIsFoundAndNeverMadeAgain

mutant batch-without-an-id openai/Batches.java \
  's/!found\.isArray\(\) && found\.asText\(""\)\.isEmpty\(\)/!response.json().hasNonNull(field)/' \
  BatchHandInIT#aCreationThatNamesNoIdIsNotMadeAgain

mutant batch-of-some run/BatchLog.java \
  's/session\.require\(worst, caps, Committed\.NOTHING\);//' \
  BatchHandInIT#allAreReservedOrNone

mutant batch-foreign-results-taken cli/BulkBatch.java \
  's/each\.calls\(\)\.containsAll\(came\.calls\(\)\)/true/' \
  BatchFileIT#aForeignCallRefusesTheWholeFile

mutant batch-of-the-api-from-a-file cli/BulkBatch.java \
  's/each\.isForFile\(\) && each/each/' \
  BatchIT#resultsFromAFileAreNoneOfABatchAtTheApi

mutant batch-closed-though-broken run/BatchRunner.java \
  's/if \(!results\.broken\(\)\.isEmpty\(\) && missing > 0\)/if (false)/' \
  BatchFileIT#resultsThatAreCutOffLeaveTheBatchOpen

## Prices, settings and the key

mutant our-prices-at-other-hosts spend/PriceTable.java \
  's/ \|\| !hasOurs\(\)//' \
  PriceTableTest#hasTheUsersRowsAloneElsewhere

mutant batch-below-its-standard-rate spend/PriceRow.java \
  's/standard\.max\(input\)/input/' \
  PriceTableTest#batchRatesThatAreMissingAreNoCheaperThanTheStandardOnes

mutant long-bound-taken-for-the-truth spend/Price.java \
  's/at\(row, tiers, 0\)/at(row, tiers, inputTokens)/' \
  PriceTest#canCost

mutant unknown-keys-let-through json/StrictJson.java \
  's/!all\.contains\(key\)/false/' \
  SettingsTest#refusesWhatItDoesNotKnowAndNamesIt \
  PriceTableTest#refusesARowThatItDoesNotUnderstandAndNamesTheKey

mutant keys-given-twice-let-through json/StrictJson.java \
  's/parser\.enable\(StreamReadFeature.*//' \
  SettingsTest#namesTheLineOfABadKey

mutant farther-limit-kept prompt/Settings.java \
  's/all\.remove\((OLDER_)?LIMIT\);//' \
  SettingsTest#mergesParametersKeyByKey

mutant both-limits-in-one-place prompt/Settings.java \
  's/json\.hasNonNull\(LIMIT\) && json\.hasNonNull\(OLDER_LIMIT\)/false/' \
  SettingsTest#refusesBothLimitsInOnePlaceAndNamesIt

mutant key-shown-in-place-of-its-file openai/ApiKey.java \
  's/file\.toString\(\)\.matches\(.*\) \?/false ?/' \
  ApiKeyTest#showsNothingOfAKeyThatStandsWhereTheFilesNameBelongs

## Verbatim

mutant always-one-newline prompt/Prompt.java \
  's/\w+\.endsWith\("\\n"\) \? "\\n" : "\\n\\n"/"\\n"/' \
  PromptTest#isJoinedWithTheInputByOneEmptyLine VerbatimIT#theInputStandsBehindABlankLine

mutant always-two-newlines prompt/Prompt.java \
  's/\w+\.endsWith\("\\n"\) \? "\\n" : "\\n\\n"/"\\n\\n"/' \
  PromptTest#isJoinedWithTheInputByOneEmptyLine VerbatimIT#theInputStandsBehindABlankLine

mutant no-newline prompt/Prompt.java \
  's/\w+\.endsWith\("\\n"\) \? "\\n" : "\\n\\n"/""/' \
  PromptTest#isJoinedWithTheInputByOneEmptyLine VerbatimIT#theInputStandsBehindABlankLine

mutant mark-kept prompt/Prompt.java \
  's/(\w+\.text\(\))\.startsWith\("\\uFEFF"\) \? .*;/\1;/' \
  PromptTest#isTheFileWithoutItsMark VerbatimIT#aByteOrderMarkAtTheStartIsNoPartOfIt

mutant trimmed prompt/Text.java \
  's/StandardCharsets\.UTF_8\.newDecoder\(\)\.decode\(in\)\.toString\(\)/&.strip()/' \
  TextTest#keepsEveryByte VerbatimIT#theMessageIsTheFileByteForByte

mutant composed prompt/Text.java \
  's/StandardCharsets\.UTF_8\.newDecoder\(\)\.decode\(in\)\.toString\(\)/java.text.Normalizer.normalize(&, java.text.Normalizer.Form.NFC)/' \
  TextTest#keepsEveryByte VerbatimIT#theMessageIsTheFileByteForByte

mutant line-ends-changed prompt/Text.java \
  's/StandardCharsets\.UTF_8\.newDecoder\(\)\.decode\(in\)\.toString\(\)/&.replace("\\r\\n", "\\n")/' \
  TextTest#keepsEveryByte VerbatimIT#theMessageIsTheFileByteForByte

# Finding 13.
mutant texts-beside-it-in-md-alone prompt/Prompt.java \
  's/return Files\.exists\(txt\) \? txt : md;/return md;/' \
  PromptTest#aTextBesideItMayEndInEither VerbatimIT#aSavedInputIsNotSentByItself

mutant either-of-two-texts-beside-it prompt/Prompt.java \
  's/Files\.exists\(md\) && Files\.exists\(txt\)/false/' \
  PromptTest#aTextBesideItMayEndInEither VerbatimIT#twoSavedInputsAre3ReplayedOrNot

# Runs these tests in the copy; notes for each whether it is red, green or missing.
try() {
  (cd "$copy" && "${jdk}java" -XX:TieredStopAtLevel=1 -cp "$classpath" graduate.RedTests "$@") \
    >"$work/tried" 2>"$work/said" || die "$name: its tests did not run:"$'\n'"$(tail -n 8 "$work/said")"
}

# The tests tried that are red, green or missing, whichever $1 asks for.
that_are() {
  sed -n "s/^$1 //p" "$work/tried" | xargs
}

# Puts the mutant into the copy: the file, and where that is a source its classes and those in the jar.
mutate() {
  cat "$work/$name" >"$copy/${file[$name]}"
  [[ ${file[$name]} == *.java ]] || return 0
  rm -rf "$work/classes"
  "${jdk}javac" -nowarn -XDstringConcat=inline --release 17 -d "$work/classes" \
    -cp "$copy/target/classes:$copy/target/graduate.jar" "$copy/${file[$name]}" >"$work/javac" 2>&1 ||
    die "$name does not compile:"$'\n'"$(cat "$work/javac")"
  cp -R "$work/classes/." "$copy/target/classes"
  "${jdk}jar" uf "$copy/target/graduate.jar" -C "$work/classes" .
}

restore() {
  cat "${file[$name]}" >"$copy/${file[$name]}"
  cp -R "$work/whole/classes" "$work/whole/graduate.jar" "$copy/target"
}

chosen=()
for name in "$@"; do
  [[ $name != -h && $name != --help ]] || { usage && exit; }
  [[ -v file[$name] ]] || die "$name: no such mutant. See: src/test/mutants.sh --help"
  chosen+=("$name")
done
((${#chosen[@]})) || chosen=("${names[@]}")

cd "$(dirname "$0")/../.."
jdk=${JAVA_HOME:+$JAVA_HOME/bin/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/copy
mkdir "$copy" "$work/whole"
cp -R src pom.xml graduate prompts "$copy"

for name in "${chosen[@]}"; do
  sed -E "${edit[$name]}" "${file[$name]}" >"$work/$name"
  ! cmp -s "${file[$name]}" "$work/$name" || die "$name: changes nothing in ${file[$name]}"
done

mapfile -t all < <(for name in "${chosen[@]}"; do tr ' ' '\n' <<<"${tests[$name]}"; done | sort -u)
name='the copy'
# One test by Maven, for the class path that its report names.
(cd "$copy" && mvn -B -ntp -P '!checks' package -Dtest=UsageTest) >"$work/mvn" 2>&1 ||
  die "the copy does not build:"$'\n'"$(grep -F '[ERROR]' "$work/mvn")"
classpath=$(sed -nE 's/.*"surefire\.test\.class\.path" value="([^"]*)".*/\1/p' \
  "$copy"/target/surefire-reports/TEST-*.xml)
cp -R "$copy"/target/{classes,graduate.jar} "$work/whole"
try "${all[@]}"
[[ -z $(that_are red) ]] || die "red without a mutant: $(that_are red)"
[[ -z $(that_are missing) ]] || die "no such test: $(that_are missing)"
printf 'green    without a mutant: %s tests, %s s\n' ${#all[@]} $SECONDS

survivors=0
for name in "${chosen[@]}"; do
  read -ra by <<<"${tests[$name]}"
  mutate
  try "${by[@]}"
  restore
  if [[ -n $(that_are green) ]]; then
    survivors=$((survivors + 1))
    printf 'SURVIVED %s: green is %s\n' "$name" "$(that_are green)"
  else
    printf 'killed   %s by %s\n' "$name" "${tests[$name]}"
  fi
done
printf '%s mutants, %s survived, %s s\n' ${#chosen[@]} $survivors $SECONDS
((survivors == 0))
