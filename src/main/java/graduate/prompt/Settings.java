package graduate.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private static final String LIMIT = "max_completion_tokens";
  private static final String OLDER_LIMIT = "max_tokens";
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
   * @throws UnusableException naming file, key and what may stand there
   */
  public static Settings read(Path file, boolean named, Map<String, String> env) {
    StrictJson json =
        StrictJson.read(file, named || Files.exists(file) ? Text.read(file).text() : "{}");
    json.only(KEYS);
    String url = env.getOrDefault("OPENAI_BASE_URL", "");
    return new Settings(
        file,
        url.isEmpty() ? json.text("base_url", "https://api.openai.com/v1") : url,
        json.object("request").json(),
        caps(json),
        json.object("prices").json(),
        retry(json),
        maxTime(json),
        zone(json));
  }

  private static List<CapSetting> caps(StrictJson json) {
    return json.has("caps")
        ? json.objects("caps").stream().map(Settings::cap).toList()
        : List.of(
            new CapSetting(new BigDecimal("1.00"), "day"),
            new CapSetting(new BigDecimal("10.00"), "month"));
  }

  private static CapSetting cap(StrictJson cap) {
    cap.only(Set.of("usd", "per"));
    if (!WINDOWS.contains(cap.text("per", ""))) {
      throw cap.wrong("per", "call, day, month or total");
    }
    return new CapSetting(cap.amount("usd"), cap.text("per", ""));
  }

  private static int retry(StrictJson json) {
    JsonNode retry = json.json().path("retry");
    if (json.has("retry") && (!retry.isInt() || retry.asInt() < 0)) {
      throw json.wrong("retry", "a whole number, 0 or more");
    }
    return retry.asInt(2);
  }

  private static Duration maxTime(StrictJson json) {
    String time = json.has("max_time") ? json.json().path("max_time").asText() : "15m";
    return Durations.wait(time)
        .orElseThrow(
            () -> json.wrong("max_time", "a time such as \"90s\" or \"15m\", up to \"24h\""));
  }

  private static ZoneId zone(StrictJson json) {
    try {
      String zone = json.text("zone", "");
      return zone.isEmpty() ? systemZone() : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw json.wrong("zone", "a time zone such as \"Europe/Berlin\"");
    }
  }

  /**
   * The zone that {@code /etc/localtime} links to, by which cron goes too. Where it is no link,
   * Java looks elsewhere; the launcher hides {@code TZ} from it.
   */
  public static ZoneId systemZone() {
    try {
      String zone = Files.readSymbolicLink(Path.of("/etc/localtime")).toString();
      return ZoneId.of(zone.replaceFirst("^.*" + ZONES, ""));
    } catch (IOException | UnsupportedOperationException | DateTimeException e) {
      return ZoneId.systemDefault();
    }
  }

  /**
   * The parameters of one request: defaults, then {@code graduate.json}, then the prompt's own,
   * then the flags. A null removes what was inherited; of the two limits on tokens either one
   * removes the other of a farther place.
   *
   * @param flags parameters given on the command line
   */
  public ObjectNode parameters(Prompt prompt, ObjectNode flags) {
    ObjectNode all = (ObjectNode) StrictJson.value(DEFAULT_REQUEST);
    merge(all, new StrictJson(file + ": request.", request));
    Path own = prompt.sidecar(".request.json");
    if (Files.exists(own)) {
      merge(all, StrictJson.read(own, Text.read(own).text()));
    }
    merge(all, new StrictJson("-p ", flags));
    return all.removeNulls();
  }

  private static void merge(ObjectNode all, StrictJson nearer) {
    ObjectNode json = nearer.json();
    if (json.hasNonNull(LIMIT) && json.hasNonNull(OLDER_LIMIT)) {
      throw new UnusableException(
          nearer.place() + LIMIT + ": only one of it and " + OLDER_LIMIT + " may be set");
    }
    if (json.hasNonNull("messages") && !json.path("messages").isArray()) {
      throw nearer.wrong("messages", "an array");
    }
    if (json.hasNonNull(LIMIT)) {
      all.remove(OLDER_LIMIT);
    }
    if (json.hasNonNull(OLDER_LIMIT)) {
      all.remove(LIMIT);
    }
    all.setAll(json);
  }

  /** One parameter of the command line: JSON where it is, else text. */
  public static JsonNode parameter(String value) {
    return StrictJson.value(value);
  }
}
