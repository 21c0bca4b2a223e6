package graduate.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import graduate.json.StrictJson;
import graduate.text.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * The configuration: the user's {@code graduate.json} over the defaults.
 *
 * @param file where it stands or would stand, for messages
 * @param baseUrl up to and including {@code /v1}
 * @param request the user's own parameters, unchecked
 * @param caps as they are written, unchecked
 * @param prices the user's own rows by model, unchecked
 * @param retry attempts after the first
 * @param maxTime for all attempts together
 * @param zone of days and months
 */
public record Settings(
    Path file,
    String baseUrl,
    StrictJson request,
    List<StrictJson> caps,
    StrictJson prices,
    int retry,
    Duration maxTime,
    ZoneId zone) {

  private static final String LIMIT = "max_completion_tokens";
  private static final String OLDER_LIMIT = "max_tokens";

  /** All keys, and what holds where the file leaves one out. */
  private static final String DEFAULTS =
      """
      {"base_url": "https://api.openai.com/v1",
       "request": {"model": "gpt-5.6-luna", "max_completion_tokens": 16384,
                   "service_tier": "default", "store": false},
       "caps": [{"usd": 1.00, "per": "day"}, {"usd": 10.00, "per": "month"}],
       "prices": {}, "retry": 2, "max_time": "15m", "zone": ""}""";

  /**
   * Reads the configuration.
   *
   * @param named whether the user named the file, so that it must exist
   * @throws UnusableException naming file, key and what may stand there
   */
  public static Settings read(Path file, boolean named, Map<String, String> env) {
    StrictJson all = StrictJson.read(file, DEFAULTS);
    if (named || Files.exists(file)) {
      all.json().setAll(Text.read(file).json().only(all.keys()).json());
    }
    String url = env.getOrDefault("OPENAI_BASE_URL", "");
    String base = all.text("base_url");
    return new Settings(
        file,
        url.isEmpty() ? base : url,
        all.object("request"),
        all.objects("caps"),
        all.object("prices"),
        all.whole("retry", 0),
        Durations.wait(all.json().path("max_time").asText())
            .orElseThrow(
                () -> all.wrong("max_time", "a time such as \"90s\" or \"15m\", up to \"24h\"")),
        zone(all));
  }

  private static ZoneId zone(StrictJson json) {
    try {
      String zone = json.text("zone");
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
      return ZoneId.of(zone.replaceFirst("^.*/zoneinfo/", ""));
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
    ObjectNode all = StrictJson.read(file, DEFAULTS).object("request").json();
    merge(all, request);
    Path own = prompt.sidecar(".request.json");
    if (Files.exists(own)) {
      merge(all, Text.read(own).json());
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
}
