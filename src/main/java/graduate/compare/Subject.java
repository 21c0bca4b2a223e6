package graduate.compare;

import org.jspecify.annotations.Nullable;

/**
 * What both answers answer.
 *
 * @param prompt the prompt's name, as the reports show it
 * @param promptText the prompt as it was sent
 * @param inputText the input as it was sent, or null where there was none
 * @param chatGptModel the model that ChatGPT used, or null where nobody knows
 */
public record Subject(
    String prompt, String promptText, @Nullable String inputText, @Nullable String chatGptModel) {}
