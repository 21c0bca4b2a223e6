package graduate.compare;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.text.Visible;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report for programs: an array with one object a prompt. */
public final class JsonReport {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonReport() {}

  /** Renders in the order given, ending in a newline. */
  public static String render(List<Comparison> results) {
    ArrayNode array = JSON.createArrayNode();
    results.forEach(result -> add(array.addObject(), result));
    return Visible.json(array.toPrettyString()) + "\n";
  }

  private static void add(ObjectNode object, Comparison result) {
    object.put("prompt", result.subject.prompt());
    object.put("answer", result.answer.call());
    object.put("replay", result.answer.replay());
    object.put("model", result.answer.model());
    ArrayNode saved = object.putArray("saved");
    for (Score score : result.saved) {
      saved.addObject().put("path", score.path()).put("rougeL", score.rougeL());
    }
    Spread spread = result.spread;
    if (spread == null) {
      object.putNull("spread");
    } else {
      object.putArray("spread").add(spread.low()).add(spread.high());
    }
    measures(object.putObject("measures"), result.measures);
    ObjectNode facts = object.putObject("facts");
    strings(facts, "missing", Facts.texts(result.facts.missing()));
    strings(facts, "extra", Facts.texts(result.facts.extra()));
    if (result.json.applies()) {
      ObjectNode json = object.putObject("json");
      strings(json, "missing", result.json.missing());
      strings(json, "extra", result.json.extra());
      strings(json, "changed", result.json.changed().stream().map(c -> c.path()).toList());
    }
    object.put("verdict", verdict(result.verdict()));
  }

  private static void measures(ObjectNode object, Measures measures) {
    object.put("identical", measures.identical());
    object.put("same_text", measures.sameText());
    object.put("rouge1", measures.rouge1());
    object.put("rouge2", measures.rouge2());
    object.put("rougeL", measures.rougeL());
    object.put("length_ratio", measures.lengthRatio());
  }

  private static void strings(ObjectNode object, String name, List<String> values) {
    values.forEach(object.putArray(name)::add);
  }

  private static @Nullable String verdict(@Nullable Verdict verdict) {
    return verdict == null ? null : verdict.pass() ? "pass" : "fail";
  }
}
