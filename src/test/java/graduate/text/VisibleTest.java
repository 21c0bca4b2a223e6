package graduate.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class VisibleTest {
  private static final String HOSTILE =
      "a\u001b[31m\u0007\u009b2J \u202e5\u2066\u200f\u061c\u007f\u2028\ufeff\udb40\udc01 \ud83d!";

  @Test
  void showsWhatATerminalWouldObeyOrAReaderWouldNotSee() {
    String shown =
        "a\\x1b[31m\\x07\\x9b2J \\u202e5\\u2066\\u200f\\u061c\\x7f\\u2028\\ufeff\\udb40\\udc01"
            + " \\ud83d!";
    assertThat(Visible.text(HOSTILE)).isEqualTo(shown);
    assertThat(Visible.line(HOSTILE)).isEqualTo(shown);
  }

  @Test
  void keepsNewlinesAndTabsOrMakesThemBlanks() {
    assertThat(Visible.text("a\n\tb\r")).isEqualTo("a\n\tb\\x0d");
    assertThat(Visible.line("a\r\n\tb")).isEqualTo("a   b");
  }

  @Test
  void leavesWhatReadersSee() {
    String text = "Größe — 天气 👩\u200d👧 می\u200cخواهم ⚠\ufe0f";
    assertThat(Visible.text(text)).isEqualTo(text);
  }

  @Test
  void losesNothingOfAJsonText() throws Exception {
    JsonMapper mapper = new JsonMapper();
    String hostile = HOSTILE.replace("\ud83d", "") + "\n\t\"\\";
    String json = mapper.writeValueAsString(hostile);
    assertThat(Visible.json(json)).matches("[ -~]+");
    assertThat(mapper.readTree(Visible.json(json)).textValue()).isEqualTo(hostile);
  }
}
