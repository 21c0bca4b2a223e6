package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What a line says, apart from its place in the chain. */
public interface Entry {
  /** The line's type, one of those that {@link LogLine} knows. */
  String type();

  /** The id of the attempt, or of the line where it is about none. */
  String id();

  /**
   * Writes the fields after {@code v}, {@code seq}, {@code prev}, {@code type}, {@code id}, {@code
   * time}.
   */
  void write(JsonGenerator to) throws IOException;
}
