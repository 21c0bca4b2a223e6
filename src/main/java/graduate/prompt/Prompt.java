package graduate.prompt;

import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A captured prompt and the files that belong to it.
 *
 * @param file its text; it may be empty where there is an end
 * @param end what follows the input, for a prompt whose input stands in its middle or first; null
 *     where nothing does
 * @param path where it stands
 * @param name the file's name without {@code .md} or {@code .txt}
 */
public record Prompt(Text file, @Nullable Text end, Path path, String name) {
  private static final Pattern SIDECAR =
      Pattern.compile(
          ".+\\.((chatgpt(\\.\\d+)?|input|end)\\.(md|txt)|(request|source)\\.json)|graduate\\.json");

  /**
   * Reads a prompt.
   *
   * @throws UnusableException where the file cannot be one, saying why
   */
  public static Prompt read(Path path) {
    String file = String.valueOf(path.getFileName());
    if (Files.isRegularFile(path) && SIDECAR.matcher(file).matches()) {
      throw new UnusableException(path, "is no prompt but a file beside one");
    }
    String name = file.replaceFirst("\\.(md|txt)$", "");
    Path behind = text(path.resolveSibling(name + ".end"));
    Text end = Files.exists(behind) ? Text.read(behind) : null;
    Text text = end == null ? Text.read(path) : Text.readAny(path);
    if (end == null && withoutMark(text).isEmpty()) {
      throw new UnusableException(path, "is empty but for a byte-order mark");
    }
    return new Prompt(text, end, path, name);
  }

  /** Whether a file of that name would stand beside the prompt, as {@code .input.md} does. */
  public boolean isSidecar(String file) {
    return file.startsWith(name + ".") && SIDECAR.matcher(file).matches();
  }

  /** The file beside the prompt whose name goes on with {@code suffix}, as {@code .input.md}. */
  public Path sidecar(String suffix) {
    return path.resolveSibling(name + suffix);
  }

  /**
   * The text beside the prompt whose name goes on with {@code suffix}, as {@code .input}, and ends
   * in {@code .md} or {@code .txt}; where there is none, where it would stand.
   *
   * @throws UnusableException where both are there
   */
  public Path sidecarText(String suffix) {
    return text(sidecar(suffix));
  }

  private static Path text(Path start) {
    Path md = start.resolveSibling(start.getFileName() + ".md");
    Path txt = start.resolveSibling(start.getFileName() + ".txt");
    if (Files.exists(md) && Files.exists(txt)) {
      throw new UnusableException(md, txt.getFileName() + " is there too. Keep one of them");
    }
    return Files.exists(txt) ? txt : md;
  }

  /** The answers saved from ChatGPT beside it: {@code .chatgpt.md}, {@code .chatgpt.2.md}, …. */
  public List<Path> savedAnswers() throws IOException {
    Pattern form = Pattern.compile(Pattern.quote(name) + "(\\.chatgpt(?:\\.\\d+)?)\\.(?:md|txt)");
    try (Stream<Path> files = Files.list(path.toAbsolutePath().getParent())) {
      return files
          .map(file -> form.matcher(String.valueOf(file.getFileName())))
          .filter(Matcher::matches)
          .map(found -> found.group(1))
          .distinct()
          .sorted(Comparator.comparing(String::length).thenComparing(suffix -> suffix))
          .map(this::sidecarText)
          .toList();
    }
  }

  /** The model that ChatGPT used, where the note of the prompt's source knows it. */
  public Optional<String> chatGptModel() {
    Path note = sidecar(".source.json");
    return Files.exists(note)
        ? Optional.ofNullable(Text.read(note).json().json().path("model").textValue())
        : Optional.empty();
  }

  /** The prompt's own text, but for a byte-order mark at its start. */
  public String message() {
    return withoutMark(file);
  }

  private static String withoutMark(Text file) {
    return file.text().startsWith("\uFEFF") ? file.text().substring(1) : file.text();
  }

  /** The whole message: the prompt, the input if there is one, and what follows it. */
  public String message(@Nullable Text input) {
    String begun = input == null ? message() : joined(message(), input.text());
    return end == null ? begun : joined(begun, end.text());
  }

  /** Both texts with one newline between if the first ends in one, and two if not. */
  private static String joined(String first, String next) {
    return first.isEmpty() ? next : first + (first.endsWith("\n") ? "\n" : "\n\n") + next;
  }
}
