package graduate.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration: the user's {@code graduate.json} over the defaults.
 *
 * @param file where it stands or would stand, for messages
 * @param baseUrl up to and including {@code /v1}
 * @param request the user's own parameters, without the defaults
 * @param caps all of which must hold
 * @param prices the user's own rows, by model
 * @param retry attempts after the first
 * @param maxTime for all attempts together
 * @param zone of days and months
 */
public record Settings(
    Path file,
    String baseUrl,
    ObjectNode request,
    List<CapSetting> caps,
    ObjectNode prices,
    int retry,
    Duration maxTime,
    ZoneId zone) {

  private static final Set<String> KEYS =
      Set.of("base_url", "request", "caps", "prices", "retry", "max_time", "zone");
  private static final Set<String> WINDOWS = Set.of("call", "day", "month", "total");

  /** Digits before or behind the point: sums of longer amounts could fill the memory. */
  private static final int LONGEST_AMOUNT = 30;

  private static final String ZONES = "/zoneinfo/";

  private static final String DEFAULT_REQUEST =
      """
      {"model": "gpt-5.6-luna", "max_completion_tokens": 16384, "service_tier": "default",
       "store": false}""";

  /**
   * A cap as it is written.
   *
   * @param per call, day, month or total
   */
  public record CapSetting(BigDecimal usd, String per) {}

  /**
   * Reads the configuration.
   *
   * @param named whether the user named the file, so that it must exist
   * @throws UnusableException naming file, key and nearest known key
   */
  public static Settings read(Path file, boolean named, Map<String, String> env) {
    ObjectNode json =
        named || Files.exists(file)
            ? SettingsJson.read(file)
            : JsonNodeFactory.instance.objectNode();
    requireKnown(file, json, KEYS);
    String url = env.getOrDefault("OPENAI_BASE_URL", "");
    return new Settings(
        file,
        url.isEmpty() ? text(file, json, "base_url", "https://api.openai.com/v1") : url,
        object(file, json, "request"),
        caps(file, json),
        object(file, json, "prices"),
        retry(file, json),
        maxTime(file, json),
        zone(file, json));
  }

  private static void requireKnown(Path file, ObjectNode json, Set<String> known) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String key = field.getKey();
      if (!known.contains(key)) {
        throw new UnusableException(
            file, key + ": no such key" + Nearest.hint(key, new TreeSet<>(known)));
      }
    }
  }

  private static String text(Path file, ObjectNode json, String key, String otherwise) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw new UnusableException(file, key + ": no text: " + value);
    }
    return value.asText();
  }

  private static ObjectNode object(Path file, ObjectNode json, String key) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw new UnusableException(file, key + ": no object: " + value);
  }

  private static List<CapSetting> caps(Path file, ObjectNode json) {
    JsonNode caps = json.path("caps");
    if (caps.isMissingNode()) {
      return List.of(
          new CapSetting(new BigDecimal("1.00"), "day"),
          new CapSetting(new BigDecimal("10.00"), "month"));
    }
    if (!caps.isArray()) {
      throw new UnusableException(file, "caps: no array: " + caps);
    }
    List<CapSetting> read = new ArrayList<>();
    for (JsonNode cap : caps) {
      String place = "caps[" + read.size() + "]";
      if (!(cap instanceof ObjectNode object)) {
        throw new UnusableException(file, place + ": no object: " + cap);
      }
      requireKnown(file, object, Set.of("usd", "per"));
      JsonNode usd = cap.path("usd");
      if (!usd.isNumber()
          || usd.decimalValue().signum() < 0
          || Math.abs(usd.decimalValue().scale()) > LONGEST_AMOUNT) {
        throw new UnusableException(file, place + ".usd: no amount of 0 or more: " + usd);
      }
      if (!WINDOWS.contains(cap.path("per").asText())) {
        throw new UnusableException(
            file, place + ".per: not call, day, month or total: " + cap.path("per"));
      }
      read.add(new CapSetting(usd.decimalValue(), cap.path("per").asText()));
    }
    return read;
  }

  private static int retry(Path file, ObjectNode json) {
    JsonNode retry = json.path("retry");
    if (!retry.isMissingNode() && (!retry.isInt() || retry.asInt() < 0)) {
      throw new UnusableException(file, "retry: no number of 0 or more: " + retry);
    }
    return retry.asInt(2);
  }

  private static Duration maxTime(Path file, ObjectNode json) {
    JsonNode value = json.path("max_time");
    Optional<Duration> time = Durations.wait(value.isMissingNode() ? "15m" : value.asText());
    if (time.isEmpty()) {
      throw new UnusableException(
          file, "max_time: no time such as \"90s\" or \"15m\", up to \"24h\": " + value);
    }
    return time.get();
  }

  private static ZoneId zone(Path file, ObjectNode json) {
    try {
      String zone = text(file, json, "zone", "");
      return zone.isEmpty() ? systemZone() : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new UnusableException(
          file, "zone: no time zone such as \"Europe/Berlin\": " + json.path("zone"));
    }
  }

  /**
   * The zone that {@code /etc/localtime} links to, by which cron goes too. Where it is no link,
   * Java looks elsewhere; the launcher hides {@code TZ} from it.
   */
  public static ZoneId systemZone() {
    try {
      String zone = Files.readSymbolicLink(Path.of("/etc/localtime")).toString();
      return ZoneId.of(zone.substring(zone.indexOf(ZONES) + ZONES.length()));
    } catch (IOException | UnsupportedOperationException | DateTimeException e) {
      return ZoneId.systemDefault();
    }
  }

  /**
   * The parameters of one request: defaults, then {@code graduate.json}, then the prompt's own,
   * then the flags. A null removes what was inherited; a user's {@code max_tokens} removes the
   * default {@code max_completion_tokens}.
   *
   * @param flags parameters given on the command line
   */
  public ObjectNode parameters(Prompt prompt, ObjectNode flags) {
    ObjectNode user = request.deepCopy();
    Path own = prompt.sidecar(".request.json");
    if (Files.exists(own)) {
      user.setAll(SettingsJson.read(own));
    }
    user.setAll(flags);
    ObjectNode all = (ObjectNode) SettingsJson.value(DEFAULT_REQUEST);
    if (user.hasNonNull("max_tokens") && !user.has("max_completion_tokens")) {
      all.remove("max_completion_tokens");
    }
    all.setAll(user);
    for (Iterator<JsonNode> values = all.elements(); values.hasNext(); ) {
      if (values.next().isNull()) {
        values.remove();
      }
    }
    return all;
  }

  /** One parameter of the command line: JSON where it is, else text. */
  public static JsonNode parameter(String value) {
    return SettingsJson.value(value);
  }
}
