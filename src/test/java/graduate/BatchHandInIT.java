package graduate;

import static graduate.BatchServer.CLOSED;
import static graduate.BatchServer.DONE_BUT_502;
import static graduate.BatchServer.HALF;
import static graduate.BatchServer.LOST;
import static graduate.BatchServer.answered;
import static graduate.BatchServer.saying;
import static org.assertj.core.api.Assertions.assertThat;

import graduate.BatchServer.Step;
import graduate.BatchServer.Way;
import graduate.harness.Answers;
import graduate.harness.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch on its way to the API: replies that are lost, refusals, caps. */
class BatchHandInIT extends BatchCase {
  BatchHandInIT() {
    super(4);
  }

  static List<Arguments> lost() {
    return List.of(
        Arguments.of("lost", LOST, 1),
        Arguments.of("502", DONE_BUT_502, 1),
        Arguments.of("half", HALF, 1),
        Arguments.of("never made", CLOSED, 0),
        Arguments.of("no id", saying(200, "{}"), 0),
        Arguments.of("no JSON", saying(200, "<html>"), 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lost")
  void anUploadWhoseReplyIsLostIsMadeAgain(String name, Way way, int made) throws Exception {
    server.next(Step.UPLOAD, way);
    assertThat(ends(6, batch())).contains("The same command tries again");
    assertThat(server.uploads()).isEqualTo(made);
    assertThat(server.creations()).isEmpty();
    theSumsAre(NONE, held(4));
    handIn();
    assertThat(server.uploads()).isEqualTo(made + 1);
    end();
    collected(0, cost(3), NONE);
  }

  /** As where a laptop slept between upload and creation: nothing of it was sent. */
  @Test
  void aCreationThatWasNeverSentIsNotLost() throws Exception {
    AtomicInteger hours = new AtomicInteger(-1);
    server.next(
        Step.UPLOAD,
        usual -> {
          hours.set(0);
          return usual.response();
        });
    Clock sleepy =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            int slept = hours.get() < 0 ? 0 : hours.incrementAndGet();
            return Instant.now().plus(Duration.ofHours(slept));
          }
        };
    assertThat(ends(6, batch(sleepy))).contains("The same command tries again");
    assertThat(server.creations()).isEmpty();
    theSumsAre(NONE, held(4));
    handIn();
    assertThat(server.creations()).hasSize(1);
  }

  /** It is found in the list at once, on a later page. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("lost")
  void aCreationWhoseReplyIsLostIsFoundAndNeverMadeAgain(String name, Way way, int made)
      throws Exception {
    server.pages(1);
    server.next(
        Step.CREATE,
        usual -> {
          String response = way.response(usual);
          server.another();
          server.another();
          return response;
        });
    Program.Ended ended = batch();

    assertThat(ended.exit()).as(ended.stderr()).isEqualTo(made == 1 ? 6 : 5);
    assertThat(server.creations()).hasSize(made);
    theSumsAre(NONE, held(4));
    if (made == 0) {
      assertThat(ended.stderr()).contains("the API's list does not show it yet", "--resubmit");
      // Whoever asked may still be at it.
      String log = log();
      ends(6, batch("--resubmit"));
      assertThat(log()).isEqualTo(log);
      Duration over = Duration.ofMinutes(16);
      ends(5, batch(in(over)));
      assertThat(server.creations()).isEmpty();
      ends(6, batch(in(over), "--resubmit"));
    }
    assertThat(server.creations()).hasSize(1);
    nothingTwice();
  }

  /** One empty list proves nothing. */
  @Test
  void aBatchThatTheListShowsLateIsNotCreatedTwice() throws Exception {
    server.next(Step.CREATE, LOST);
    server.next(Step.LIST, saying(200, "{\"data\": [], \"has_more\": false}"));
    ends(5, batch());
    end();
    ends(6, batch(in(Duration.ofMinutes(16)), "--resubmit"));
    nothingTwice();
    collected(0, cost(3), NONE);
    assertThat(server.uploads()).isEqualTo(1);
  }

  /** Whether it was created is for its own prompt's owner to say. */
  @Test
  void aLostBatchOfAnotherPromptIsNoReasonToWait() throws Exception {
    server.next(Step.CREATE, CLOSED);
    ends(5, batch());
    Path other = program.prompt("other.md", "Say it again");
    assertThat(
            ends(
                5,
                program.here(
                    in(Duration.ofMinutes(16)), "bulk", other, home.resolve("in"), "--batch")))
        .contains("say.md: the reply to the creation of batch ", "other.md: 4 calls are in batch");
    theSumsAre(NONE, held(8));
  }

  @Test
  void aFreshFileThatIsNotFoundIsAskedForAgain() throws Exception {
    server.next(Step.CREATE, saying(404, Answers.error("no", "No such File object")));
    handIn();
    assertThat(server.uploads()).isEqualTo(1);
    end();
    collected(0, cost(3), NONE);
  }

  @Test
  void aCreationThatNamesNoIdIsNotMadeAgain() throws Exception {
    server.next(Step.CREATE, saying(200, "{\"id\": \"\"}"));
    assertThat(ends(5, batch())).contains("was lost, and the API's list does not show it yet");
    theSumsAre(NONE, held(4));
    ends(5, batch(in(Duration.ofMinutes(16))));
    assertThat(server.uploads()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "UPLOAD, 400",
    "UPLOAD, 413",
    "UPLOAD, 429",
    "CREATE, 307",
    "CREATE, 400",
    "CREATE, 401",
    "CREATE, 429"
  })
  void aRefusalReleasesAll(Step step, int status) throws Exception {
    server.next(step, saying(status, Answers.error("no", "not like this")));
    assertThat(ends(5, batch()))
        .contains("HTTP " + status + " no: not like this; nothing is held")
        .hasLineCount(1);
    theSumsAre(NONE, NONE);
    String log = log();
    ends(6, batch("--cancel"));
    assertThat(log()).isEqualTo(log);
    handIn();
    end();
    ends(0, batch());
    assertThat(answers()).isEqualTo(ALL);
    theSumsAre(cost(0, 1, 2, 3), NONE);
  }

  @ParameterizedTest
  @CsvSource({"0.0199,", "100, 0.0199"})
  void allAreReservedOrNone(String cap, String own) throws Exception {
    cap(cap);
    assertThat(ends(4, own == null ? batch() : batch("--max-usd", own)))
        .contains("could cost $0.02; ", own == null ? "total cap $0.0199" : "--max-usd $0.0199")
        .hasLineCount(1);
    assertThat(program.lines()).isEmpty();
    assertThat(server.uploads()).isZero();
    cap("0.02");
    handIn();
    theSumsAre(NONE, held(4));
    ends(4, program.here(prompt, "-i", home.resolve("in/000.txt")));
  }

  @Test
  void aCapThatRefusesSaysWhatTheLogHasAlready() throws Exception {
    handIn();
    end();
    ends(0, batch());
    inputs(6);
    cap("0.0099");

    assertThat(batch().stderr()).contains("; 4 of 6 done, 2 left. ");
  }

  /** A cap on one call is no cap on all of them. */
  @ParameterizedTest
  @CsvSource({"0.005, 6", "0.0049, 4"})
  void aCapPerCallBoundsEachInput(String cap, int exit) throws Exception {
    String settings = Files.readString(home.resolve("prompts/graduate.json"));
    String call = "\"caps\": [{\"usd\": %s, \"per\": \"call\"}, ".formatted(cap);
    program.prompt("graduate.json", settings.replace("\"caps\": [", call));
    ends(exit, batch());
    assertThat(server.uploads()).isEqualTo(exit == 6 ? 1 : 0);
    assertThat(program.lines().isEmpty()).isEqualTo(exit == 4);
  }

  /** Not before it is in the API's hands is it the API's to end. */
  @Test
  void whatIsNotHandedInIsNotHandedInByCancelling() throws Exception {
    server.next(Step.UPLOAD, CLOSED);
    ends(6, batch());
    Program.Ended ended = batch("--cancel");

    assertThat(server.uploads()).as(ended.stderr()).isZero();
    theSumsAre(NONE, NONE);
  }

  @Test
  void inputsThatCameLaterWaitForTheNext() throws Exception {
    handIn();
    inputs(6);
    ends(6, batch());
    assertThat(server.creations()).hasSize(1);
    end();
    ends(6, batch());
    assertThat(new TreeSet<>(answers())).isEqualTo(new TreeSet<>(ALL));
    assertThat(server.creations()).hasSize(1);
    handIn();
    server.end("completed".toUpperCase(Locale.ROOT), line -> List.of(answered(line)));
    ends(0, batch());
    nothingTwice();
    assertThat(Files.readString(home.resolve("out/005.md"))).isEqualTo("Re: input 5\n");
    theSumsAre(cost(0, 1, 2, 3, 4, 5), NONE);
  }
}
