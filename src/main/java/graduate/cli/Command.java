package graduate.cli;

import java.io.IOException;

/** One command of the program. */
interface Command {
  /**
   * Does the work.
   *
   * @return the exit code, one of {@link Exit}; every failure that is no result is thrown
   */
  int run(Arguments line, Context context) throws IOException;
}
