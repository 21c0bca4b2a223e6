package graduate.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * A command's words and options, these by their long names: whole ones only, each value given once.
 */
final class Arguments {
  /** A line of a help text that declares an option: both names, and a value's name. */
  static final Pattern DECLARATION = Pattern.compile("(?m)^  (?:-(\\w), |    )--([a-z-]+)( \\S+)?");

  /** Those that may be given more than once. */
  private static final Set<String> LISTS = Set.of("param", "saved", "yes");

  private final List<String> words;
  private final List<Option> given;
  private final Map<String, List<String>> values = new HashMap<>();

  private Arguments(List<String> words, List<Option> given) {
    this.words = words;
    this.given = given;
    for (Option option : given) {
      List<String> all = values.getOrDefault(option.getLongOpt(), new ArrayList<>());
      all.addAll(option.getValuesList());
      values.put(option.getLongOpt(), all);
    }
  }

  /**
   * Parses {@code words}.
   *
   * @param help the text that declares the options
   * @throws UsageException naming the word that is wrong
   */
  static Arguments parse(String help, List<String> words) {
    Options options = new Options();
    Matcher declared = DECLARATION.matcher(help);
    while (declared.find()) {
      boolean value = declared.group(3) != null;
      options.addOption(new Option(declared.group(1), declared.group(2), value, ""));
    }
    DefaultParser parser =
        DefaultParser.builder()
            .setAllowPartialMatching(false)
            .setStripLeadingAndTrailingQuotes(false)
            .get();
    Arguments arguments;
    try {
      CommandLine line = parser.parse(options, words.toArray(new String[0]));
      arguments = new Arguments(line.getArgList(), List.of(line.getOptions()));
    } catch (UnrecognizedOptionException e) {
      throw new UsageException(e.getOption() + ": no such option");
    } catch (MissingArgumentException e) {
      throw new UsageException("--" + e.getOption().getLongOpt() + ": a value is missing");
    } catch (ParseException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    for (var option : arguments.values.entrySet()) {
      if (option.getValue().size() > 1 && !LISTS.contains(option.getKey())) {
        String times = option.getValue().size() + " times";
        throw new UsageException("--" + option.getKey() + ": given " + times);
      }
    }
    return arguments;
  }

  /** What is no option. */
  List<String> words() {
    return words;
  }

  /** The options as they were given, in order. */
  List<Option> given() {
    return given;
  }

  boolean has(String option) {
    return values.containsKey(option);
  }

  /** What an option was given, if it was. */
  List<String> values(String option) {
    return values.getOrDefault(option, List.of());
  }

  /** The value of an option that is given. */
  String value(String option) {
    return values(option).get(0);
  }

  String value(String option, String otherwise) {
    return has(option) ? value(option) : otherwise;
  }

  Optional<String> get(String option) {
    return values(option).stream().findFirst();
  }

  /** The files that an option names. */
  List<Path> paths(String option) {
    return values(option).stream().map(Workspace::path).toList();
  }

  /**
   * What an option's value is read as, if it is given.
   *
   * @throws UsageException with what is {@code wanted} where {@code reader} makes nothing of it
   */
  <T> Optional<T> get(String option, Function<String, Optional<T>> reader, String wanted) {
    return get(option)
        .map(
            value ->
                reader
                    .apply(value)
                    .orElseThrow(() -> new UsageException("--" + option + ": " + wanted + value)));
  }

  /** An option's amount. */
  Optional<BigDecimal> usd(String option) {
    return get(option, Usd::read, "must be an amount, 0 or more, not ");
  }
}
