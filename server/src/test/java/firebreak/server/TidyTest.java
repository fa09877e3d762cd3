package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Style is a test: sizes, names, words, and that the documents tell the truth about the tree. */
class TidyTest {
  private static final int LINES_PER_FILE = 450;
  private static final int LINES_PER_METHOD = 60;
  private static final int COLUMNS = 100;

  static final Path ROOT = root();
  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", "dist", ".git", "resources");

  /** Words that say nothing, at the end of a type's name. */
  private static final Pattern EMPTY_NAME =
      Pattern.compile("\\w+(Impl|Manager|Helper|Utils?|Data|Info|Processor)\\.java");

  private static final Pattern METHOD =
      Pattern.compile("^  (?:(?!return|new|else|throw)[\\w@<>\\[\\], .?]+) \\w+\\(.*");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#: ]+)(?:#[^)]*)?\\)");
  private static final Pattern NAMED_PATH =
      Pattern.compile("`((?:[a-z-]+/)+[A-Za-z0-9_.-]+\\.(?:java|md|json|yaml|sh|mjs|ts))`");

  /** Other words for the glossary's, which would make two of one. */
  private static final Pattern SYNONYM =
      Pattern.compile("\\b(class|interface|record|enum) \\w*(Rollback|Tenant|Alarm)\\w*");

  @Test
  void filesMethodsAndLinesHaveALimit() {
    List<String> wrong = new ArrayList<>();
    for (Path file : files(name -> name.endsWith(".java"))) {
      List<String> lines = lines(file);
      if (lines.size() > LINES_PER_FILE) {
        wrong.add("%s has %d lines".formatted(ROOT.relativize(file), lines.size()));
      }
      int start = -1;
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (line.length() > COLUMNS && !line.contains("\"")) {
          wrong.add("%s:%d is wide".formatted(ROOT.relativize(file), i + 1));
        }
        if (METHOD.matcher(line).matches()) {
          start = i;
        } else if (line.equals("  }") && start >= 0) {
          if (i - start + 1 > LINES_PER_METHOD) {
            wrong.add(
                "%s:%d is a method of %d lines"
                    .formatted(ROOT.relativize(file), start + 1, i - start + 1));
          }
          start = -1;
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void namesSaySomething() {
    List<String> wrong =
        files(name -> EMPTY_NAME.matcher(name).matches()).stream()
            .map(file -> ROOT.relativize(file).toString())
            .toList();
    assertEquals(List.of(), wrong);
  }

  @Test
  void oneWordPerConcept() {
    assertNoLine(SYNONYM, name -> name.endsWith(".java"));
  }

  @Test
  void nothingIsLeftForLater() {
    Pattern later =
        Pattern.compile(
            "TO" + "DO|FIX" + "ME|@Dis" + "abled|UnsupportedOperation" + "Exception\\(");
    assertNoLine(later, name -> name.endsWith(".java") || name.endsWith(".ts"));
  }

  @Test
  void everyPackageSaysWhatItIs() {
    Set<Path> without =
        files(name -> name.endsWith(".java")).stream()
            .map(Path::getParent)
            .filter(folder -> folder.toString().contains("src/main"))
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), without);
  }

  @Test
  void everyPathInTheDocumentsExists() {
    List<String> wrong = new ArrayList<>();
    for (Path document : files(name -> name.endsWith(".md"))) {
      String text = String.join("\n", lines(document));
      for (Pattern pattern : List.of(LINK, NAMED_PATH)) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
          String named = matcher.group(1);
          if (!Files.exists(document.resolveSibling(named))
              && (pattern == LINK || !Files.exists(ROOT.resolve(named)))) {
            wrong.add(ROOT.relativize(document) + " names " + named);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void thePictureInTheArchitectureIsThatOfThePoms() {
    String architecture = String.join("\n", lines(ROOT.resolve("ARCHITECTURE.md")));
    Matcher module =
        Pattern.compile("<module>(.*)</module>")
            .matcher(String.join("\n", lines(ROOT.resolve("pom.xml"))));
    while (module.find()) {
      String name = module.group(1);
      Set<String> needs = new TreeSet<>();
      Matcher need =
          Pattern.compile("<groupId>firebreak</groupId>\\s*<artifactId>([a-z-]+)</artifactId>")
              .matcher(String.join("\n", lines(ROOT.resolve(name + "/pom.xml"))));
      while (need.find()) {
        if (!need.group(1).equals("firebreak") && !need.group(1).equals(name)) {
          needs.add(need.group(1));
        }
      }
      String row = "| `%s` | %s |".formatted(name, String.join(", ", needs));
      assertTrue(architecture.contains(row), "ARCHITECTURE.md lacks the row\n" + row);
    }
  }

  @Test
  void theTreeNamesNoMachineAndNoDownloadAddress() {
    Pattern leak =
        Pattern.compile("\"resolved\": *\"http|<(plugin)?[rR]epository>|/wo" + "rk/[a-z]+/");
    assertNoLine(leak, name -> !name.endsWith(".png") && !name.endsWith(".jar"));
  }

  private static void assertNoLine(Pattern pattern, Predicate<String> names) {
    List<String> wrong = new ArrayList<>();
    for (Path file : files(names)) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          wrong.add("%s:%d %s".formatted(ROOT.relativize(file), i + 1, lines.get(i).strip()));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static List<Path> files(Predicate<String> names) {
    List<Path> found = new ArrayList<>();
    collect(ROOT, names, found);
    return found;
  }

  private static void collect(Path folder, Predicate<String> names, List<Path> found) {
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        String name = child.getFileName().toString();
        if (NOT_OURS.contains(name)) {
          continue;
        }
        if (Files.isDirectory(child)) {
          collect(child, names, found);
        } else if (names.test(name)) {
          found.add(child);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static Path root() {
    @Nullable Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("event-store/pom.xml"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("the root of the project is not above this folder");
    }
    return folder;
  }
}
