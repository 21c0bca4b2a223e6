package graduate.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graduate.export.Capture.Split;
import graduate.export.Capture.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The made-up export of 300 conversations, held against what is known to be in it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SampleTest {
  private static final Path DATA = Path.of("..", "shared", "data");
  private static final Path SAMPLE = DATA.resolve("chatgpt-export-sample.zip");
  private static final ZoneId ZONE = ZoneId.of("-07:00");
  private JsonNode truth = new ObjectMapper().createObjectNode();

  @BeforeAll
  void readTruth() throws IOException {
    if (!Files.exists(SAMPLE)) {
      System.out.println("SampleTest is skipped: there is no " + SAMPLE);
    }
    assumeTrue(Files.exists(SAMPLE), "there is no " + SAMPLE);
    truth = new ObjectMapper().readTree(DATA.resolve("chatgpt-export-sample.truth.json").toFile());
  }

  @Test
  void everyPathPromptAndAnswerIsTheTrueOne() {
    Map<String, Conversation> read = new HashMap<>();
    new Export(SAMPLE, percent -> {}).read(c -> read.put(c.head().id(), c) == null);
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode want : truth.get("conversations")) {
      String id = want.get("conversation_id").asText();
      Conversation got = Objects.requireNonNull(read.get(id), id);
      softly.assertThat(ids(got.path())).as(id).isEqualTo(texts(want.get("visible_path")));
      softly
          .assertThat(ids(got.path().stream().filter(n -> n.isUser() || n.isAnswer()).toList()))
          .as(id)
          .isEqualTo(texts(want.get("visible_messages")));
      Node prompt = got.lastAnswered().orElse(null);
      softly
          .assertThat(prompt == null ? null : prompt.said().text())
          .as(id)
          .isEqualTo(want.get("final_prompt").textValue());
      softly
          .assertThat(prompt == null ? null : Conversation.after(prompt, got.path()).text())
          .as(id)
          .isEqualTo(want.get("final_answer").textValue());
    }
    softly.assertAll();
    assertThat(read).hasSize(truth.get("conversations").size());
  }

  @Test
  void findsEveryFamilyThatIsNotHardAndNoOther() {
    List<Family> families = survey().families();
    Map<String, String> truly = new HashMap<>();
    for (JsonNode family : truth.get("families")) {
      family.get("instances").forEach(i -> truly.put(i.get("node").asText(), id(family)));
    }
    for (JsonNode want : truth.get("families")) {
      int runs = want.get("runs").asInt();
      if (!want.get("hard").asBoolean() && runs >= 5) {
        Family got = family(families, want);
        assertThat(Math.abs(got.size() - runs))
            .as(id(want))
            .isLessThanOrEqualTo(Math.max(1, runs / 20));
        assertThat(got.activeDaysIn30(ZONE)).isEqualTo(want.get("most_active_days_in_30").asInt());
        assertThat(got.mostInAnHour()).isEqualTo(want.get("most_runs_in_60_minutes").asInt());
        JsonNode symptoms = want.get("symptoms");
        assertThat(got.daily(ZONE)).isEqualTo(symptoms.get("daily").get("holds").asBoolean());
        assertThat(got.bulk(ZONE)).isEqualTo(symptoms.get("bulk").get("holds").asBoolean());
      }
    }
    for (Family family : families) {
      long known = family.runs().stream().filter(r -> truly.containsKey(r.node())).count();
      assertThat(family.size() < 7 || known * 2 > family.size()).as(family.name()).isTrue();
    }
  }

  @Test
  void capturesTheNewestRunOfEachFamilySplitOrWhole(@TempDir Path folder) throws Exception {
    Survey survey = survey();
    for (JsonNode want : truth.get("families")) {
      if (want.get("runs").asInt() < 5) {
        continue;
      }
      JsonNode newest = want.get("instances").get(want.get("runs").asInt() - 1);
      String name = family(survey.families(), want).name();
      Wish split = new Wish("split", Split.WHERE_RUNS_SHOW_IT, 1, false, false);
      Capture capture = Capture.candidate(survey, name, split);
      capture.write(folder, true);
      assertThat(sent(folder, "split")).as(name).isEqualTo(newest.get("prompt").asText());
      Wish whole = new Wish("whole", Split.NEVER, 1, false, false);
      Capture.candidate(survey, name, whole).write(folder, true);
      assertThat(folder.resolve("whole.md")).hasContent(newest.get("prompt").asText());
      for (String file : List.of("split", "whole")) {
        byte[] answer = Files.readAllBytes(folder.resolve(file + ".chatgpt.md"));
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(answer)))
            .as(name)
            .isEqualTo(newest.get("answer_sha256").asText());
      }
      boolean atTheEnd = want.get("input_position").asText().equals("suffix");
      assertThat(capture.isSplit() || !atTheEnd).as(name).isTrue();
    }
  }

  @Test
  void findsTheAnswerToEachRunOfEachFamily() throws Exception {
    Map<String, Conversation> read = new HashMap<>();
    new Export(SAMPLE, percent -> {}).read(c -> read.put(c.head().id(), c) == null);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (JsonNode family : truth.get("families")) {
      for (JsonNode run : family.get("instances")) {
        Conversation conversation =
            Objects.requireNonNull(read.get(run.get("conversation_id").asText()));
        Node node = conversation.node(run.get("node").asText());
        List<Answer> answers = conversation.answers(node);
        assertThat(answers).hasSize(1 + run.get("regenerated").asInt());
        assertThat(HexFormat.of().formatHex(sha256.digest(answers.get(0).text().getBytes(UTF_8))))
            .isEqualTo(run.get("answer_sha256").asText());
      }
    }
  }

  /** The message that run sends: prompt and input, joined by its rule. */
  private static String sent(Path folder, String name) throws IOException {
    String prompt = Files.readString(folder.resolve(name + ".md"));
    Path input = folder.resolve(name + ".input.md");
    return Files.exists(input)
        ? prompt + (prompt.endsWith("\n") ? "\n" : "\n\n") + Files.readString(input)
        : prompt;
  }

  private static Survey survey() {
    return new Survey(new Export(SAMPLE, percent -> {}));
  }

  private static Family family(List<Family> families, JsonNode want) {
    Set<String> nodes = new java.util.HashSet<>();
    want.get("instances").forEach(i -> nodes.add(i.get("node").asText()));
    return families.stream()
        .filter(f -> f.runs().stream().filter(r -> nodes.contains(r.node())).count() * 2 > f.size())
        .findFirst()
        .orElseThrow(() -> new AssertionError(id(want) + " was not found"));
  }

  private static String id(JsonNode family) {
    return family.get("id").asText();
  }

  private static List<String> ids(List<Node> nodes) {
    return nodes.stream().map(Node::id).collect(Collectors.toList());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(t -> texts.add(t.asText()));
    return texts;
  }
}
