package graduate.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two answers as JSON values, compared by path: the order of keys does not count, numbers count by
 * value, arrays in order. Paths are those of jq ({@code .items[0].price}), so that they can be
 * typed.
 *
 * @param savedIsJson whether the saved answer is one JSON value, in a code block or not; an object
 *     that has a key twice is none
 * @param newIsJson the same of the new answer
 * @param missing paths in the saved answer and not in the new one
 * @param extra paths in the new answer and not in the saved one
 * @param changed paths in both with different values
 */
record JsonDiff(
    boolean savedIsJson,
    boolean newIsJson,
    List<String> missing,
    List<String> extra,
    List<Change> changed) {

  /** One value that differs, both sides as compact JSON. */
  record Change(String path, String saved, String fresh) {}

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final String FENCE = "```";
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");

  static JsonDiff between(String saved, String fresh) {
    JsonNode before = parse(saved);
    JsonNode after = parse(fresh);
    JsonDiff diff =
        new JsonDiff(
            before != null, after != null, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    if (before != null && after != null) {
      diff.compare("", before, after);
    }
    return diff;
  }

  /** Whether both sides are JSON. */
  boolean applies() {
    return savedIsJson && newIsJson;
  }

  boolean equal() {
    return applies() && missing.isEmpty() && extra.isEmpty() && changed.isEmpty();
  }

  /** The outcome as part of a sentence. */
  String inWords() {
    if (!applies()) {
      String side = savedIsJson ? "the new" : newIsJson ? "the saved" : "neither";
      return side + " answer is " + (savedIsJson || newIsJson ? "no JSON" : "JSON");
    }
    String parts = part(missing, "missing") + part(extra, "extra") + part(changed, "changed");
    return equal() ? "equal" : parts.substring(2);
  }

  private static String part(List<?> paths, String name) {
    return paths.isEmpty() ? "" : ", " + paths.size() + " " + name;
  }

  private static @Nullable JsonNode parse(String answer) {
    try {
      JsonNode node = MAPPER.readTree(unfenced(answer.strip()));
      return node.isMissingNode() ? null : node;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String unfenced(String answer) {
    int start = answer.indexOf('\n') + 1;
    int end = answer.length() - FENCE.length();
    boolean fenced =
        answer.startsWith(FENCE) && answer.endsWith(FENCE) && 0 < start && start <= end;
    return fenced ? answer.substring(start, end) : answer;
  }

  private void compare(String path, JsonNode before, JsonNode after) {
    if (before.isObject() && after.isObject()) {
      for (String key : names(before, after)) {
        visit(member(path, key), before.get(key), after.get(key));
      }
    } else if (before.isArray() && after.isArray()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        visit(bracket(path, String.valueOf(i)), before.get(i), after.get(i));
      }
    } else if (!same(before, after)) {
      changed.add(new Change(path.isEmpty() ? "." : path, before.toString(), after.toString()));
    }
  }

  private void visit(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    if (before == null) {
      extra.add(path);
    } else if (after == null) {
      missing.add(path);
    } else {
      compare(path, before, after);
    }
  }

  private static Set<String> names(JsonNode before, JsonNode after) {
    Set<String> names = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static boolean same(JsonNode before, JsonNode after) {
    if (before.isNumber() && after.isNumber()) {
      return before.decimalValue().compareTo(after.decimalValue()) == 0;
    }
    return before.equals(after);
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
