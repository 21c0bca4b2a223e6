package graduate.cli;

import graduate.audit.LogReader;
import graduate.spend.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code log verify}: whether the log is whole, and the way on where it is not. */
final class LogVerify {
  private LogVerify() {}

  static int run(Arguments line, Workspace workspace, Context context) throws IOException {
    Console console = context.console();
    Path log = workspace.log().path();
    if (line.has("accept-damage")) {
      Optional<Ledger.Accepted> accepted = workspace.ledger().acceptDamage();
      if (accepted.isPresent()) {
        String done =
            "%s\nset aside as %s; %s goes on with its sums and its open calls. See: graduate spend\n"
                .formatted(accepted.get().damage(), accepted.get().aside(), log);
        console.print(console.pasteable(done));
        return Exit.OK;
      }
    }
    Ledger.Verified verified = workspace.ledger().verify(line.get("anchor").map(LogVerify::anchor));
    StringBuilder text = new StringBuilder();
    long lines = verified.end().seq();
    text.append("%s: %d lines, unbroken\n".formatted(log, lines));
    for (LogReader.Piece piece : verified.pieces()) {
      text.append(
          "offset %d: %d bytes of a line that was never finished; they count for nothing\n"
              .formatted(piece.offset(), piece.bytes()));
    }
    console.print(text + "anchor %d:%s\n".formatted(lines, verified.end().hash()));
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
