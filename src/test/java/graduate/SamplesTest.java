package graduate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import graduate.prompt.Prompt;
import graduate.prompt.Settings;
import graduate.spend.PriceRow;
import graduate.spend.PriceTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The prompts that come with Graduate, with which a new user starts. */
class SamplesTest {
  private static final int SHUT_DOWN_DAYS = 30;

  static List<Path> prompts() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("prompts"))) {
      return files.filter(file -> file.toString().matches("[^.]+\\.md")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void askForAModelWithAPriceThatIsNotAboutToEnd(Path file) throws IOException {
    Settings settings = Settings.read(Path.of("target/none.json"), false, Map.of());
    String model =
        settings
            .parameters(Prompt.read(file), JsonNodeFactory.instance.objectNode())
            .path("model")
            .asText();
    PriceRow row =
        new PriceTable(settings.prices(), "x", "api.openai.com", false).row(model).orElseThrow();

    LocalDate soon = newestCheck().plusDays(SHUT_DOWN_DAYS);
    assertThat(row.shutDown().filter(end -> !end.isAfter(soon))).isEmpty();
  }

  /** The date of the last look at the price list. */
  private static LocalDate newestCheck() throws IOException {
    try (InputStream in = PriceTable.class.getResourceAsStream("prices.json")) {
      String table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Pattern.compile("\"checked\": \"([0-9-]+)\"")
          .matcher(table)
          .results()
          .map((MatchResult checked) -> LocalDate.parse(checked.group(1)))
          .max(LocalDate::compareTo)
          .orElseThrow();
    }
  }
}
