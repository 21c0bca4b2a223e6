package graduate.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two answers as JSON values, compared by path: the order of keys does not count, numbers count by
 * value, arrays in order. Paths are those of jq ({@code .items[0].price}), so that they can be
 * typed.
 *
 * <p>JSON is an answer that is one value, in a code block or not; an object that has a key twice is
 * none.
 */
final class JsonDiff {
  /** One value that differs, both sides as compact JSON. */
  record Change(@JsonValue String path, String saved, String fresh) {}

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Pattern FENCED = Pattern.compile("(?s)```[^\n]*+\n(.*)```");
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");

  private final @Nullable JsonNode saved;
  private final @Nullable JsonNode fresh;
  @JsonProperty final List<String> missing = new ArrayList<>();
  @JsonProperty final List<String> extra = new ArrayList<>();
  @JsonProperty final List<Change> changed = new ArrayList<>();

  JsonDiff(String saved, String fresh) {
    this.saved = parse(saved);
    this.fresh = parse(fresh);
    if (this.saved != null && this.fresh != null) {
      compare("", this.saved, this.fresh);
    }
  }

  /** Whether both sides are JSON. */
  boolean applies() {
    return saved != null && fresh != null;
  }

  boolean equal() {
    return applies() && missing.isEmpty() && extra.isEmpty() && changed.isEmpty();
  }

  /** The saved and the new answer with JSON's own line breaks, where both are JSON. */
  List<String> laidOut() {
    return saved == null || fresh == null
        ? List.of()
        : List.of(saved.toPrettyString(), fresh.toPrettyString());
  }

  /** The outcome as part of a sentence. */
  String inWords() {
    if (!applies()) {
      boolean none = saved == null && fresh == null;
      String side = saved == null ? "the saved answer is no" : "the new answer is no";
      return (none ? "neither answer is" : side) + " JSON";
    }
    String parts = part(missing, "missing") + part(extra, "extra") + part(changed, "changed");
    return parts.isEmpty() ? "equal" : parts.substring(2);
  }

  private static String part(List<?> paths, String name) {
    return paths.isEmpty() ? "" : ", " + paths.size() + " " + name;
  }

  private static @Nullable JsonNode parse(String answer) {
    try {
      Matcher fenced = FENCED.matcher(answer.strip());
      JsonNode node = MAPPER.readTree(fenced.matches() ? fenced.group(1) : answer);
      return node.isMissingNode() ? null : node;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    if (before == null) {
      extra.add(path);
    } else if (after == null) {
      missing.add(path);
    } else if (before.isObject() && after.isObject()) {
      Set<String> keys = new LinkedHashSet<>();
      List.of(before, after).forEach(node -> node.fieldNames().forEachRemaining(keys::add));
      keys.forEach(key -> compare(member(path, key), before.get(key), after.get(key)));
    } else if (before.isArray() && after.isArray()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(bracket(path, String.valueOf(i)), before.get(i), after.get(i));
      }
    } else if (!same(before, after)) {
      changed.add(new Change(path.isEmpty() ? "." : path, before.toString(), after.toString()));
    }
  }

  private static boolean same(JsonNode before, JsonNode after) {
    return (before.isNumber() && after.isNumber())
        ? before.decimalValue().compareTo(after.decimalValue()) == 0
        : before.equals(after);
  }

  /** The path of a member; brackets need a dot before them only at the root. */
  private static String member(String path, String key) {
    return PLAIN_KEY.matcher(key).matches()
        ? path + "." + key
        : bracket(path, TextNode.valueOf(key).toString());
  }

  private static String bracket(String path, String inside) {
    return (path.isEmpty() ? "." : path) + "[" + inside + "]";
  }
}
