package graduate.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.JsonTree.Fractions;
import graduate.text.UnusableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An object of our own JSON, read strictly: no key twice, none that is not known, numbers as they
 * are spelt. What is wrong with it names its place.
 *
 * @param place what stands before a key in a message
 */
public record StrictJson(String place, ObjectNode json) {
  /** Digits before or behind the point: sums of longer amounts could fill the memory. */
  private static final int LONGEST_AMOUNT = 30;

  /**
   * The one object in a file.
   *
   * @throws UnusableException naming file, line and problem
   */
  public static StrictJson read(Object file, String text) {
    try {
      String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
      if (tree(json) instanceof ObjectNode object) {
        return new StrictJson(file + ": ", object);
      }
      throw new UnusableException(file, "is no JSON object");
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      throw new UnusableException(file, line + problem(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the parser says, without what it says of itself. */
  private static String problem(JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return "ends before a bracket or a quote is closed";
    }
    String first = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
    return first.replaceFirst("\\(('.+?') .*", "$1 here");
  }

  /** {@code text} as JSON where it is, else as a string. */
  public static JsonNode value(String text) {
    try {
      JsonNode json = tree(text);
      return json.isMissingNode() ? JsonNodeFactory.instance.textNode(text) : json;
    } catch (IOException e) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  private static JsonNode tree(String text) throws IOException {
    try (JsonParser parser = JsonTree.FACTORY.createParser(text)) {
      parser.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
      boolean none = parser.nextToken() == null;
      JsonNode json = none ? MissingNode.getInstance() : JsonTree.value(parser, Fractions.EXACT);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "something follows the JSON value");
      }
      return json;
    }
  }

  /** The same object, which may hold these keys and no others. */
  public StrictJson only(Collection<String> known, String... more) {
    Set<String> all = new TreeSet<>(known);
    all.addAll(List.of(more));
    for (String key : keys()) {
      if (!all.contains(key)) {
        throw new UnusableException(
            place + key + ": no such key; known: " + String.join(", ", all));
      }
    }
    return this;
  }

  /** Its keys, in order. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    json.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Whether it has the key, be it with null. */
  public boolean has(String key) {
    return json.has(key);
  }

  /** The object at the key, an empty one where there is none. */
  public StrictJson object(String key) {
    if (has(key) && !json.path(key).isObject()) {
      throw wrong(key, "an object");
    }
    JsonNode value = has(key) ? json.path(key) : json.objectNode();
    return new StrictJson(place + key + ".", (ObjectNode) value);
  }

  /** The objects in the array at the key. */
  public List<StrictJson> objects(String key) {
    if (!json.path(key).isArray()) {
      throw wrong(key, "an array");
    }
    ObjectNode numbered = json.objectNode();
    json.path(key).forEach(each -> numbered.set(key + "[" + numbered.size() + "]", each));
    StrictJson all = new StrictJson(place, numbered);
    return all.keys().stream().map(all::object).toList();
  }

  /** The text at the key. */
  public String text(String key) {
    if (!json.path(key).isTextual()) {
      throw wrong(key, "a text");
    }
    return json.path(key).textValue();
  }

  /** The whole number at the key. */
  public int whole(String key, int least) {
    JsonNode value = json.path(key);
    if (!value.isInt() || value.intValue() < least) {
      throw wrong(key, "a whole number, " + least + " or more");
    }
    return value.intValue();
  }

  /** The amount at the key. */
  public BigDecimal amount(String key) {
    JsonNode value = json.path(key);
    if (!value.isNumber()
        || value.decimalValue().signum() < 0
        || Math.abs(value.decimalValue().scale()) > LONGEST_AMOUNT
        || value.decimalValue().precision() > 2 * LONGEST_AMOUNT) {
      throw wrong(key, "an amount, 0 or more");
    }
    return value.decimalValue();
  }

  /** The same, {@code otherwise} where there is none. */
  public BigDecimal amount(String key, BigDecimal otherwise) {
    return has(key) ? amount(key) : otherwise;
  }

  /** That the value at the key, which may be missing, is not what it must be. */
  public UnusableException wrong(String key, String form) {
    JsonNode value = json.path(key);
    String problem = value.isMissingNode() ? "is missing" : "must be " + form + ", not " + value;
    return new UnusableException(place + key + ": " + problem);
  }
}
