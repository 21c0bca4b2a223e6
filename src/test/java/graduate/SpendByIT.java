package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import graduate.harness.Answers;
import graduate.harness.Program;
import graduate.harness.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code spend --by}: what calls cost, by prompt, model or day. */
class SpendByIT {
  @TempDir private Path home;
  private Program program;
  private Path prompt;

  @BeforeEach
  void prepare() throws IOException {
    program = new Program(home);
    prompt = program.prompt("hello.md", "Say hello");
    program.prompt("hello.chatgpt.md", "Saved.");
  }

  private void calls() throws Exception {
    Path other = program.prompt("a-prompt-with-a-name-that-is-much-longer-than-a-column.md", "Hi");
    String busy = RawServer.response("503 Busy", "Retry-After: 0\r\n", "{}");
    try (RawServer server = RawServer.saying(RawServer.answer("Hello!"));
        RawServer down = RawServer.saying(busy)) {
      program.at(server.port());
      assertThat(program.run(prompt).exit()).isZero();
      assertThat(program.run(other, "-m", "gpt-5-mini").exit()).isZero();
      assertThat(program.run(prompt, "--replay").exit()).isZero();
      assertThat(program.at(down.port()).run(prompt, "--retry", "2").exit()).isEqualTo(6);
    }
    String id = Answers.json(program.lines().get(6)).path("id").asText();
    assertThat(program.run("spend", "settle", id, "--usd", "0.015", "--why", "seen").exit())
        .isZero();
  }

  private JsonNode json(Object... words) throws Exception {
    return Answers.json(program.run(words).out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt", "model", "day"})
  void sumsAreThoseOfTheMonthAndAttemptsAreCallsAndReplaysAreNot(String by) throws Exception {
    calls();
    JsonNode month = json("spend", "--json").at("/caps/1");
    assertThat(month.path("per").asText()).isEqualTo("month");

    JsonNode spent = json("spend", "--by", by, "--json");
    JsonNode total = spent.path("total");
    assertThat(spent.path("by").asText()).isEqualTo(by);
    assertThat(spent.path("since").asText()).matches("\\d{4}-\\d\\d-01");
    assertThat(amount(total, "cost_usd")).isEqualByComparingTo(amount(month, "spent_usd"));
    assertThat(amount(total, "held_usd")).isEqualByComparingTo(amount(month, "held_usd"));
    assertThat(amount(total, "held_usd")).isPositive();
    assertThat(total.path("calls").asInt()).isEqualTo(5);
    assertThat(total.path("prompt_tokens").asInt()).isEqualTo(18);
    assertThat(total.path("completion_tokens").asInt()).isEqualTo(4);
    assertThat(spent.path("rows")).hasSize(by.equals("day") ? 1 : 2);
    for (String what : new String[] {"calls", "prompt_tokens", "cost_usd", "held_usd"}) {
      BigDecimal sum = BigDecimal.ZERO;
      for (JsonNode row : spent.path("rows")) {
        assertThat(row.path(by).asText()).isNotEmpty();
        sum = sum.add(amount(row, what));
      }
      assertThat(sum).as(what).isEqualByComparingTo(amount(total, what));
    }

    Program.Ended table = program.run("spend", "--by", by);
    assertThat(table.stderr()).isEmpty();
    assertThat(table.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(table.out())
        .startsWith(by.toUpperCase(java.util.Locale.ROOT))
        .containsPattern("(?m)^since \\d{4}-\\d\\d-01 +5 +18 +4 +\\$0\\.015\\S* +\\$0\\.0394$");
  }

  private static BigDecimal amount(JsonNode json, String field) {
    return new BigDecimal(json.path(field).asText());
  }

  @Test
  void sinceALaterDayThereIsNothing() throws Exception {
    calls();
    JsonNode spent = json("spend", "--by", "model", "--since", "2999-01-01", "--json");
    assertThat(spent.path("since").asText()).isEqualTo("2999-01-01");
    assertThat(spent.path("rows")).isEmpty();
    assertThat(spent.at("/total/calls").asInt()).isZero();
    assertThat(json("spend", "--by", "model", "--since", "2020-01-01", "--json").at("/total/calls"))
        .hasToString("5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--by week",
        "--by Prompt",
        "--by day --since yesterday",
        "--by day --since 2026-02-30",
        "--by day --since 2026-2-3",
        "--since 2026-11-01",
        "--by",
      })
  void anotherValueIs2(String words) throws Exception {
    Program.Ended ended = program.run((Object[]) ("spend " + words).split(" "));

    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.stderr()).hasLineCount(1).endsWith(". See: graduate spend --help\n");
  }
}
