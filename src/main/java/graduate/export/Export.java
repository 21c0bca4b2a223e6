package graduate.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import graduate.text.Failures;
import graduate.text.UnusableException;
import graduate.text.Words;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A ChatGPT data export: a zip, a folder, or one JSON file. Nothing is unpacked to disk, and one
 * conversation at a time is in memory. What can't be read to its end is refused as a whole.
 */
final class Export {
  private static final Pattern NAME = Pattern.compile("(.*[/\\\\])?conversations(-\\d+)?\\.json");
  private static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());
  private static final int DEPTH = 4;
  private static final int START = 512;
  private static final int BUFFER = 1 << 16;
  private static final String AGAIN = ". Download it again";

  /** What may be there instead of conversations.json, and what to say of it. */
  private static final List<Map.Entry<String, String>> FILES =
      List.of(
          Map.entry(".*\\.zip", "holds another zip, %s. Unpack it and give that one"),
          Map.entry("Takeout/.*", "Google's export, not ChatGPT's"),
          Map.entry(
              ".*chat\\.html", "has chat.html, but no conversations.json. Give the whole zip"),
          Map.entry(".*\\.json", "no conversations.json in it, but %s. If it is that, give that"));

  /** Fields that only the exports of other products have. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "chat_messages", "Claude's",
          "fragments", "DeepSeek's",
          "responses", "Grok's",
          "titleUrl", "Gemini's");

  /** Without a table of field names: the ids of nodes, all different, would fill it. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  private final Path path;
  private final Predicate<Conversation> each;
  private final List<String> skipped = new ArrayList<>();
  private String file = "";
  private int index;
  private boolean goesOn = true;
  private boolean ours;
  private JsonNode first = JSON.nullNode();

  private Export(Path path, Predicate<Conversation> each) {
    this.path = path;
    this.each = each;
  }

  /**
   * Reads every conversation once, in the order of the files.
   *
   * @param each returns whether to go on reading
   * @return what was skipped, by its place
   * @throws UnusableException if it is no export or not a whole one, saying what it is
   */
  static List<String> read(Path path, Predicate<Conversation> each) {
    Export export = new Export(path, each);
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.walk(path, DEPTH)) {
          Stream<Path> names = files.filter(Files::isRegularFile).map(path::relativize);
          export.all(names.map(Path::toString), name -> Files.newInputStream(path.resolve(name)));
        }
      } else if (isZip(path)) {
        // Entry names are matched, never used as paths; ISO 8859-1 takes any that is not UTF-8.
        try (ZipFile zip = new ZipFile(path.toFile(), ISO_8859_1)) {
          Stream<String> names = zip.stream().map(ZipEntry::getName);
          export.all(names, name -> zip.getInputStream(zip.getEntry(name)));
        }
      } else {
        export.file(path.getFileName() + "", Files.newInputStream(path));
      }
    } catch (ZipException | EOFException e) {
      throw new UnusableException(path, "a zip that is cut off or damaged" + AGAIN);
    } catch (UncheckedIOException e) {
      throw new UnusableException(path, "a folder in it can't be read");
    } catch (IOException e) {
      throw new UnusableException(path, Failures.reason(e));
    }
    export.requireSome();
    return export.skipped;
  }

  /** Whether it is a zip; what is no JSON either is refused by its first characters. */
  private static boolean isZip(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      String start = new String(in.readNBytes(START), UTF_8).replace("\uFEFF", "").strip();
      String page = "a web page, no export" + AGAIN + ", as a zip";
      String other =
          start.startsWith("<") ? page : "neither a zip nor JSON. Give the zip as it came";
      if (!start.matches("(?s)(PK|\\[|\\{).*")) {
        throw new UnusableException(path, start.isEmpty() ? "an empty file" + AGAIN : other);
      }
      return start.startsWith("PK");
    }
  }

  /** What a folder or zip of these names is, since it is no export. */
  private static String other(List<String> names) {
    for (Map.Entry<String, String> known : FILES) {
      List<String> some = names.stream().filter(name -> name.matches(known.getKey())).toList();
      if (!some.isEmpty()) {
        return known.getValue().formatted(Words.some(some));
      }
    }
    return "no conversations.json in it";
  }

  /** Opens the file or zip entry of a name. */
  private interface Opener {
    InputStream open(String name) throws IOException;
  }

  private void all(Stream<String> names, Opener opener) throws IOException {
    List<String> sorted = names.sorted(ORDER).toList();
    List<String> found = sorted.stream().filter(n -> NAME.matcher(n).matches()).toList();
    if (found.isEmpty()) {
      throw new UnusableException(path, other(sorted));
    }
    for (String name : found) {
      file(name, opener.open(name));
    }
  }

  /** An array of conversations, an object around one, or a conversation by itself. */
  private void file(String name, InputStream bytes) throws IOException {
    file = name;
    index = 0;
    // Bytes that are no UTF-8 are an error here, where Jackson would put others in their place.
    try (InputStreamReader utf8 = new InputStreamReader(bytes, UTF_8.newDecoder());
        BufferedReader reader = new BufferedReader(utf8, BUFFER)) {
      reader.mark(1);
      if (reader.read() != '\uFEFF') {
        reader.reset();
      }
      MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(reader);
      while (goesOn && values.hasNextValue()) {
        take(values.nextValue());
      }
    } catch (JsonProcessingException | CharacterCodingException e) {
      boolean cut = (e.getMessage() + "").contains("end-of-input");
      String what = cut ? "the file is cut off here" : "from here on the file is no JSON in UTF-8";
      String in = file.equals(path.getFileName() + "") ? "" : ": " + file;
      throw new UnusableException(path + in + " #" + index, what + AGAIN);
    }
  }

  private void take(JsonNode json) {
    if (json.path("conversations").isArray()) {
      json.path("conversations").forEach(this::take);
      return;
    }
    first = first.isNull() ? json : first;
    if (json.path("mapping").isObject()) {
      Conversation conversation = new Conversation(json, file, index);
      ours |= conversation.nodes().stream().anyMatch(node -> node.message().has("author"));
      goesOn &= each.test(conversation);
    } else {
      skipped.add(file + " #" + index + (json.isObject() ? " has no mapping" : " is no object"));
    }
    index++;
  }

  /** An export in which no message has an author is another product's. */
  private void requireSome() {
    Stream<String> others = OTHERS.keySet().stream().filter(f -> first.findValue(f) != null);
    Stream<String> products = others.map(f -> OTHERS.get(f) + " export, not ChatGPT's");
    if (!ours) {
      String none = "no conversation of ChatGPT's in it";
      throw new UnusableException(path, products.findFirst().orElse(none));
    }
  }
}
