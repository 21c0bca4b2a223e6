package graduate;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests, each given as {@code CLASS#METHOD} with the class's simple name, and prints a line
 * for each of them: {@code red}, {@code green} or {@code missing}. Much faster than a build.
 */
public final class RedTests {
  private RedTests() {}

  public static void main(String[] names) throws IOException, ClassNotFoundException {
    List<DiscoverySelector> selected = new ArrayList<>();
    Set<String> found = new TreeSet<>();
    for (String name : names) {
      Class<?> test = test(name.substring(0, name.indexOf('#')));
      for (Method method : test.getDeclaredMethods()) {
        if (name.endsWith("#" + method.getName())) {
          selected.add(selectMethod(test, method));
          found.add(name);
        }
      }
    }
    Failures failures = new Failures();
    LauncherFactory.create()
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selected).build(), failures);
    for (String name : names) {
      String state = failures.red.contains(name) ? "red" : "green";
      System.out.println((found.contains(name) ? state : "missing") + " " + name);
    }
    // A thread that a test has left behind is no reason to go on.
    System.exit(0);
  }

  private static Class<?> test(String name) throws IOException, ClassNotFoundException {
    Path classes = Path.of("target/test-classes");
    try (Stream<Path> files = Files.walk(classes)) {
      Path file = files.filter(f -> f.endsWith(name + ".class")).findFirst().orElseThrow();
      String path = classes.relativize(file).toString();
      return Class.forName(path.replace(".class", "").replace('/', '.'));
    }
  }

  /** The tests of which a run failed. */
  private static final class Failures implements TestExecutionListener {
    private final Set<String> red = new TreeSet<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.FAILED
          && test.getSource().orElse(null) instanceof MethodSource method) {
        red.add(method.getJavaClass().getSimpleName() + "#" + method.getMethodName());
      }
    }
  }
}
