package graduate.export;

import static org.assertj.core.api.Assertions.assertThat;

import graduate.export.Capture.Wish;
import graduate.export.SampleExport.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole made-up export, held against what was planted in it. */
class SampleTest {
  private final List<Planted> planted = new SampleExport().planted();
  @TempDir private Path folder;
  private Path sample = Path.of("");

  @BeforeEach
  void write() throws IOException {
    sample = new SampleExport().write(folder.resolve("export.zip"));
  }

  @Test
  void findsEveryPlantedPromptAndNoOther() {
    assertThat(survey().families())
        .extracting(Family::name)
        .containsExactlyInAnyOrderElementsOf(planted.stream().map(Planted::name).toList());
  }

  @Test
  void countsTheirRunsAndSymptoms() {
    Survey survey = survey();
    for (Planted want : planted) {
      Family got = survey.family(want.name()).orElseThrow();
      assertThat(got.size()).as(want.name()).isEqualTo(want.runs());
      assertThat(got.varies()).as(want.name()).isEqualTo(want.varies());
      assertThat(got.measured()).as(want.name()).isEqualTo(want.measured());
    }
    assertThat(survey.families().subList(0, 2))
        .extracting(Family::name)
        .containsExactly("ratings", "harbour-log");
  }

  @Test
  void capturesTheNewestRunOfEachByteForByte() throws IOException {
    Survey survey = survey();
    for (Planted want : planted) {
      Path prompts = folder.resolve("prompts-" + want.name());

      Capture.newest(survey, want.name(), new Wish("", false, false)).write(prompts, false);

      assertThat(sent(prompts, want.name())).isEqualTo(want.prompt());
      assertThat(prompts.resolve(want.name() + ".chatgpt.md")).hasContent(want.answer());
      try (Stream<Path> files = Files.list(prompts)) {
        assertThat(files.map(file -> (file.getFileName() + "").substring(want.name().length())))
            .as(want.name())
            .hasSize(3 + want.ends().size())
            .contains(".md", ".chatgpt.md", ".source.json")
            .containsAll(want.ends());
      }
    }
  }

  /** The message that a run sends: prompt, input and end, joined by its rule. */
  private static String sent(Path folder, String name) throws IOException {
    String sent = Files.readString(folder.resolve(name + ".md"));
    for (String end : List.of(".input.md", ".end.md")) {
      Path file = folder.resolve(name + end);
      if (Files.exists(file)) {
        sent += sent.isEmpty() ? "" : sent.endsWith("\n") ? "\n" : "\n\n";
        sent += Files.readString(file);
      }
    }
    return sent;
  }

  private Survey survey() {
    return new Survey(sample, ZoneOffset.UTC);
  }
}
