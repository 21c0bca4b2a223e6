package graduate.cli;

import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Parses a command's words: whole option names only, and each value given once. */
final class Arguments {
  private Arguments() {}

  /** An option with a value; {@code -} as the short name means that there is none. */
  static Option value(String shortName, String longName, String value) {
    Option option = flag(shortName, longName);
    option.setArgs(1);
    option.setArgName(value);
    return option;
  }

  /** An option with a value that may be given more than once. */
  static Option values(String shortName, String longName, String value) {
    Option option = value(shortName, longName, value);
    option.setType(List.class);
    return option;
  }

  /** An option without a value. */
  static Option flag(String shortName, String longName) {
    return Option.builder(shortName.equals("-") ? null : shortName).longOpt(longName).get();
  }

  static Options options(Option... options) {
    Options all = new Options();
    for (Option option : options) {
      all.addOption(option);
    }
    return all;
  }

  /**
   * Parses {@code words}.
   *
   * @throws UsageException naming the word that is wrong
   */
  static CommandLine parse(Options options, List<String> words) {
    DefaultParser parser =
        DefaultParser.builder()
            .setAllowPartialMatching(false)
            .setStripLeadingAndTrailingQuotes(false)
            .get();
    CommandLine line;
    try {
      line = parser.parse(options, words.toArray(new String[0]));
    } catch (UnrecognizedOptionException e) {
      throw new UsageException(e.getOption() + ": no such option");
    } catch (MissingArgumentException e) {
      throw new UsageException(name(e.getOption()) + ": a value is missing");
    } catch (ParseException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    for (Option option : options.getOptions()) {
      String[] values = line.getOptionValues(option);
      if (values != null && values.length > 1 && !List.class.equals(option.getType())) {
        throw new UsageException(name(option) + ": given " + values.length + " times");
      }
    }
    return line;
  }

  static String name(Option option) {
    return "--" + option.getLongOpt();
  }
}
