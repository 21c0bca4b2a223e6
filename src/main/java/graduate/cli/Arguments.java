package graduate.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * What a command line says: whole names of options only, each value given once. An option is asked
 * for by its long name.
 *
 * @param words what is no option
 * @param given the options in their order
 */
record Arguments(List<String> words, List<Option> given) {
  /** Those that may be given more than once. */
  private static final Set<String> LISTS = Set.of("param", "saved", "yes");

  /**
   * Parses {@code words}.
   *
   * @param declared the options, a blank between two: {@code i/input=} may be given as {@code -i},
   *     and takes a value
   * @throws UsageException naming the word that is wrong
   */
  static Arguments parse(String declared, List<String> words) {
    Options options = new Options();
    for (String option : declared.split(" ", -1)) {
      int slash = option.indexOf('/');
      boolean value = option.endsWith("=");
      String name = option.substring(slash + 1, option.length() - (value ? 1 : 0));
      options.addOption(new Option(slash < 0 ? null : option.substring(0, slash), name, value, ""));
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
    for (Option option : options.getOptions()) {
      String name = option.getLongOpt();
      int times = arguments.values(name).size();
      if (times > 1 && !LISTS.contains(name)) {
        throw new UsageException("--" + name + ": given " + times + " times");
      }
    }
    return arguments;
  }

  boolean has(String name) {
    return given.stream().anyMatch(option -> option.getLongOpt().equals(name));
  }

  /** What an option was given, if it was. */
  List<String> values(String name) {
    List<String> values = new ArrayList<>();
    for (Option option : given) {
      if (option.getLongOpt().equals(name)) {
        values.addAll(option.getValuesList());
      }
    }
    return values;
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
