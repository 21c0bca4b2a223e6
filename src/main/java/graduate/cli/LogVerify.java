package graduate.cli;

import graduate.audit.LogReader;
import graduate.spend.Ledger;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** {@code log verify}: whether the log is whole, and the way on where it is not. */
final class LogVerify {
  private LogVerify() {}

  static int run(CommandLine line, Workspace workspace, Context context) throws IOException {
    if (line.hasOption(LogCommand.ACCEPT_DAMAGE)) {
      Optional<Ledger.Accepted> accepted = workspace.ledger().acceptDamage();
      if (accepted.isPresent()) {
        context
            .console()
            .print(
                context
                    .console()
                    .pasteable(
                        accepted.get().damage()
                            + "\nset aside as "
                            + accepted.get().aside()
                            + "; "
                            + workspace.log().path()
                            + " goes on with its sums and its open calls. See: graduate spend\n"));
        return Exit.OK;
      }
    }
    Optional<Ledger.Anchor> anchor =
        Optional.ofNullable(line.getOptionValue(LogCommand.ANCHOR)).map(LogVerify::anchor);
    Ledger.Verified verified = workspace.ledger().verify(anchor);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "%s: %d lines, unbroken%n", workspace.log().path(), verified.end().seq()));
    for (LogReader.Piece piece : verified.pieces()) {
      text.append(
          String.format(
              Locale.ROOT,
              "offset %d: %d bytes of a line that was never finished; they count for nothing%n",
              piece.offset(),
              piece.bytes()));
    }
    text.append(
        String.format(Locale.ROOT, "anchor %d:%s%n", verified.end().seq(), verified.end().hash()));
    context.console().print(text.toString());
    return Exit.OK;
  }

  private static Ledger.Anchor anchor(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || !parts[0].matches("\\d{1,18}") || !parts[1].matches("[0-9a-f]{64}")) {
      throw new UsageException("--anchor: no SEQ:HASH as log verify prints it: " + text);
    }
    return new Ledger.Anchor(Long.parseLong(parts[0]), parts[1]);
  }
}
