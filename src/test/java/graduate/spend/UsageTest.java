package graduate.spend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which usage is believed; any other leaves its call held. */
class UsageTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // usage|prompt|cached|written|completion
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12}|9|0|0|3",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':4,'cache_write_tokens':5}}|9|4|5|3",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':9}}|9|9|0|3",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':null},'completion_tokens_details':{'reasoning_tokens':3}}|9|0|0|3",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':null}"
            + "|9|0|0|3",
        "{'prompt_tokens':1,'completion_tokens':1099511627774,'total_tokens':1099511627775}"
            + "|1|0|0|1099511627774",
      })
  void isBelievedWhereItAddsUp(
      String usage, long prompt, long cached, long written, long completion) throws Exception {
    assertThat(Usage.of(json(usage), 1)).contains(new Usage(prompt, cached, written, completion));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "'12'",
        "{}",
        "{'prompt_tokens':9,'total_tokens':12}",
        "{'completion_tokens':3,'total_tokens':12}",
        "{'prompt_tokens':9,'completion_tokens':3}",
        "{'prompt_tokens':null,'completion_tokens':3,'total_tokens':12}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':null}",
        "{'prompt_tokens':0,'completion_tokens':3,'total_tokens':3}",
        "{'prompt_tokens':9,'completion_tokens':0,'total_tokens':9}",
        "{'prompt_tokens':-9,'completion_tokens':3,'total_tokens':-6}",
        "{'prompt_tokens':9,'completion_tokens':-3,'total_tokens':6}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':11}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':13}",
        "{'prompt_tokens':'9','completion_tokens':3,'total_tokens':12}",
        "{'prompt_tokens':9.0,'completion_tokens':3,'total_tokens':12}",
        "{'prompt_tokens':9,'completion_tokens':true,'total_tokens':10}",
        "{'prompt_tokens':1e400,'completion_tokens':3,'total_tokens':1e400}",
        "{'prompt_tokens':1e1,'completion_tokens':3,'total_tokens':13}",
        "{'prompt_tokens':1099511627776,'completion_tokens':3,'total_tokens':1099511627779}",
        "{'prompt_tokens':9223372036854775807,'completion_tokens':1,"
            + "'total_tokens':-9223372036854775808}",
        "{'prompt_tokens':18446744073709551625,'completion_tokens':3,'total_tokens':12}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':10}}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':5,'cache_write_tokens':5}}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':-1,'cache_write_tokens':1}}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':20,'cache_write_tokens':-12}}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':'4'}}",
        "{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_tokens_details':"
            + "{'cached_tokens':0.5}}",
      })
  void isNotBelievedWhereItDoesNot(String usage) throws Exception {
    assertThat(Usage.of(json(usage), 1)).isEmpty();
  }

  @Test
  void isNotBelievedWhereItIsMissing() {
    assertThat(Usage.of(MissingNode.getInstance(), 0)).isEmpty();
  }

  @Test
  void mayCountNoCompletionWhereNoTextCame() throws Exception {
    JsonNode usage = json("{'prompt_tokens':9,'completion_tokens':0,'total_tokens':9}");
    assertThat(Usage.of(usage, 0)).contains(new Usage(9, 0, 0, 0));
  }

  @Test
  void isNotBelievedWhereItCountsFewerTokensThanChoicesWithText() throws Exception {
    JsonNode usage = json("{'prompt_tokens':9,'completion_tokens':2,'total_tokens':11}");
    assertThat(Usage.of(usage, 2)).isPresent();
    assertThat(Usage.of(usage, 3)).isEmpty();
  }

  private static JsonNode json(String json) throws Exception {
    return MAPPER.readTree(json.replace('\'', '"'));
  }
}
