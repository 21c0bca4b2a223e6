package graduate.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import graduate.json.JsonTree;
import java.io.IOException;

/**
 * The first line of a log that goes on from a damaged one.
 *
 * @param file the damaged log's new name
 * @param damage what was wrong with it
 * @param balance its sums and open calls
 */
public record CarriedEntry(String id, String file, String damage, JsonNode balance)
    implements Entry {

  @Override
  public String type() {
    return "carried";
  }

  @Override
  public void write(JsonGenerator to) throws IOException {
    to.writeStringField("file", file);
    to.writeStringField("damage", damage);
    to.writeFieldName("balance");
    JsonTree.write(balance, to);
  }
}
