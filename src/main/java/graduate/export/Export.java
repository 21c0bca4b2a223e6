package graduate.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A ChatGPT data export: a zip, a folder, or one JSON file. It is read as a stream, one
 * conversation in memory at a time; nothing is unpacked to disk. What can't be read of a file
 * leaves what came before it, and the other files, as they are.
 */
public final class Export {
  private static final Pattern NAME = Pattern.compile("(.*/)?conversations(-\\d+)?\\.json");
  private static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());
  private static final int DEPTH = 4;

  /** Without a table of field names: the ids of nodes, all different, would fill it. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final Path path;
  private final IntConsumer percent;
  private long total;
  private long done;
  private int shown = -1;

  /**
   * @param percent is told, while reading, how much of the export is behind, 0 to 100
   */
  public Export(Path path, IntConsumer percent) {
    this.path = path;
    this.percent = percent;
  }

  /** The path as it was given. */
  public Path path() {
    return path;
  }

  /**
   * Reads every conversation once, in the order of the files.
   *
   * @param each returns whether to go on reading
   * @throws UnusableException if nothing could be read at all
   */
  Tally read(Predicate<Conversation> each) {
    Tally tally = new Tally();
    try {
      if (Files.isDirectory(path)) {
        readFolder(each, tally);
      } else if (isZip()) {
        readZip(each, tally);
      } else {
        total = Files.size(path);
        readFile(path, path.getFileName() + "", each, tally);
      }
    } catch (ZipException e) {
      throw new UnusableException(
          path + ": a zip without a usable directory (" + e.getMessage() + "). Download it again");
    } catch (IOException e) {
      throw new UnusableException(path + ": " + reason(e));
    }
    if (tally.read() == 0) {
      throw new UnusableException(path + ": no conversation could be read: " + tally);
    }
    return tally;
  }

  private boolean isZip() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(2), StandardCharsets.ISO_8859_1).equals("PK");
    }
  }

  private void readFolder(Predicate<Conversation> each, Tally tally) throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.walk(path, DEPTH)) {
      names = named(files.filter(Files::isRegularFile).map(f -> path.relativize(f).toString()));
    }
    for (String name : names) {
      total += Files.size(path.resolve(name));
    }
    for (String name : names) {
      if (!readFile(path.resolve(name), name, each, tally)) {
        return;
      }
    }
  }

  /** Entry names are matched, never used as paths; ISO 8859-1 takes any that is not UTF-8. */
  private void readZip(Predicate<Conversation> each, Tally tally) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile(), StandardCharsets.ISO_8859_1)) {
      List<String> names = named(zip.stream().map(ZipEntry::getName));
      for (String name : names) {
        total += Math.max(0, zip.getEntry(name).getSize());
      }
      for (String name : names) {
        ZipEntry entry = zip.getEntry(name);
        try (InputStream inflated = zip.getInputStream(entry);
            InputStream in = new Ahead(inflated)) {
          if (!readJson(in, entry.getCompressedSize(), name, each, tally)) {
            return;
          }
        }
      }
    }
  }

  private List<String> named(Stream<String> names) {
    List<String> found =
        names.filter(n -> NAME.matcher(n.replace('\\', '/')).matches()).sorted(ORDER).toList();
    if (found.isEmpty()) {
      throw new UnusableException(path + ": no conversations.json in it");
    }
    return found;
  }

  private boolean readFile(Path file, String name, Predicate<Conversation> each, Tally tally)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return readJson(in, Long.MAX_VALUE, name, each, tally);
    }
  }

  /** Reads one file to its end, or to where it can't be read on; false if enough was read. */
  private boolean readJson(
      InputStream in, long packed, String name, Predicate<Conversation> each, Tally tally) {
    Meter meter = new Meter(in, packed, this::advance);
    Reading reading = new Reading(name, meter, each, tally);
    try (JsonParser parser = JSON.createParser(new Utf8Reader(meter))) {
      while (reading.goesOn && parser.nextToken() != null) {
        reading.value(parser);
      }
    } catch (JsonProcessingException e) {
      tally.end(reading.place() + ": " + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException e) {
      tally.end(reading.place() + ": " + reason(e));
    }
    return reading.goesOn;
  }

  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName();
    return e.getMessage() == null || kind.equals("NoSuchFileException")
        ? kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ")
            .replace(" Exception", "")
            .toLowerCase(Locale.ROOT)
        : e.getMessage();
  }

  private void advance(long bytes) {
    done += bytes;
    int now = (int) (total == 0 ? 100 : Math.min(100, done * 100 / total));
    if (now != shown) {
      shown = now;
      percent.accept(now);
    }
  }

  /** The way through one file. */
  private static final class Reading {
    private final String name;
    private final Meter meter;
    private final Predicate<Conversation> each;
    private final Tally tally;
    private int index;
    private boolean goesOn = true;

    Reading(String name, Meter meter, Predicate<Conversation> each, Tally tally) {
      this.name = name;
      this.meter = meter;
      this.each = each;
      this.tally = tally;
    }

    String place() {
      return name + " #" + index;
    }

    /** An array of conversations, an object around one, or a conversation by itself. */
    void value(JsonParser in) throws IOException {
      if (in.currentToken() == JsonToken.START_ARRAY) {
        array(in);
        return;
      }
      ConversationReader one = new ConversationReader(in);
      boolean[] wrapped = {false};
      ConversationReader.each(
          in,
          field -> {
            if (field.equals("conversations") && in.currentToken() == JsonToken.START_ARRAY) {
              wrapped[0] = true;
              array(in);
            } else {
              one.field(field);
            }
          });
      if (!wrapped[0]) {
        take(one.conversation(name, index));
      }
    }

    private void array(JsonParser in) throws IOException {
      while (goesOn && in.nextToken() != JsonToken.END_ARRAY) {
        if (in.currentToken() == JsonToken.START_OBJECT) {
          ConversationReader one = new ConversationReader(in);
          ConversationReader.each(in, one::field);
          take(one.conversation(name, index));
        } else {
          in.skipChildren();
          tally.skip(place() + " is no object");
          index++;
        }
      }
    }

    private void take(@Nullable Conversation conversation) {
      if (conversation == null) {
        tally.skip(place() + " has no mapping");
      } else {
        tally.add();
        goesOn = each.test(conversation);
      }
      index++;
      meter.next();
    }
  }
}
