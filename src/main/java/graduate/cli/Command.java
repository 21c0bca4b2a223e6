package graduate.cli;

import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** One command of the program. */
interface Command {
  /** What it accepts. An option that may be given more than once has the type {@code List}. */
  Options options();

  /**
   * Does the work.
   *
   * @return the exit code, one of {@link Exit}; every failure that is no result is thrown
   */
  int run(CommandLine line, Context context) throws IOException;
}
