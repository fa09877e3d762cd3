package firebreak.slo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads objectives from OpenSLO v1 documents.
 *
 * <p>A file may hold several documents, one after the other or in a list. Documents of kind SLO
 * become objectives, those of kind SLI are what an {@code indicatorRef} names; the other kinds,
 * alert policies among them, are passed over, since every objective is watched by {@link
 * BurnRule#STANDARD}. A document with something wrong in it becomes a problem and hides no other.
 */
public final class OpenSlo {

  public static final int FILES_AT_MOST = 1_000;
  public static final int FILE_BYTES_AT_MOST = 1 << 20;

  private static final Set<String> OTHER_KINDS =
      Set.of("AlertCondition", "AlertNotificationTarget", "AlertPolicy", "DataSource", "Service");
  private static final Set<String> KINDS =
      Set.of(
          "SLO",
          "SLI",
          "AlertCondition",
          "AlertNotificationTarget",
          "AlertPolicy",
          "DataSource",
          "Service");
  private static final Set<String> DOCUMENT = Set.of("apiVersion", "kind", "metadata", "spec");

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Section> indicators = new LinkedHashMap<>();
  private final List<Located> objectives = new ArrayList<>();

  /** One document of kind SLO. */
  private record Located(String file, Section document) {}

  private OpenSlo() {}

  /**
   * What was found.
   *
   * @param objectives those that are sound, by file and place
   * @param problems what keeps the others from being so
   */
  public record Reading(List<Objective> objectives, List<Problem> problems) {
    public Reading {
      objectives = List.copyOf(objectives);
      problems = List.copyOf(problems);
    }
  }

  /** What is wrong, and where. */
  public record Problem(String file, int line, String message) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + message;
    }
  }

  /** Reads a file, or every {@code .yaml} and {@code .yml} file in a folder and those below it. */
  public static Reading read(Path path) {
    OpenSlo reader = new OpenSlo();
    for (Path file : files(path)) {
      String name = path.equals(file) ? file.toString() : path.relativize(file).toString();
      try {
        if (Files.size(file) > FILE_BYTES_AT_MOST) {
          String message = "a file has at most " + FILE_BYTES_AT_MOST + " bytes";
          reader.problems.add(new Problem(name, 1, message));
        } else {
          reader.add(name, Files.readString(file));
        }
      } catch (IOException e) {
        reader.problems.add(new Problem(name, 1, "cannot be read as text: " + e.getMessage()));
      }
    }
    return reader.finish();
  }

  /**
   * Reads the documents in a text.
   *
   * @param file how problems name the text
   */
  public static Reading parse(String file, String yaml) {
    OpenSlo reader = new OpenSlo();
    reader.add(file, yaml);
    return reader.finish();
  }

  private static List<Path> files(Path path) {
    try (Stream<Path> paths = Files.walk(path)) {
      List<Path> files =
          paths
              .filter(Files::isRegularFile)
              .filter(file -> file.equals(path) || isYaml(file))
              .sorted()
              .toList();
      if (files.size() > FILES_AT_MOST) {
        throw new IllegalArgumentException(
            "%s holds %d files, at most %d are read".formatted(path, files.size(), FILES_AT_MOST));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private static boolean isYaml(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
  }

  private void add(String file, String yaml) {
    try {
      for (YamlNode node : YamlNode.documents(yaml)) {
        List<YamlNode> documents =
            node instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(node);
        documents.forEach(document -> add(file, document));
      }
    } catch (YamlNode.YamlException e) {
      problems.add(new Problem(file, e.line(), e.what()));
    }
  }

  private void add(String file, YamlNode node) {
    try {
      Section document = Section.of("document", node, DOCUMENT);
      String version = document.text("apiVersion");
      if (!version.equals("openslo/v1")) {
        throw document.wrong("apiVersion", "is openslo/v1, was \"" + version + "\"");
      }
      String kind = document.text("kind");
      if (kind.equals("SLO")) {
        objectives.add(new Located(file, document));
      } else if (kind.equals("SLI")) {
        String name = document.section("metadata", SloDocument.METADATA).text("name");
        if (indicators.putIfAbsent(name, document) != null) {
          throw document.wrong("metadata", "names a second SLI \"" + name + "\"");
        }
      } else if (!OTHER_KINDS.contains(kind)) {
        throw document.wrong("kind", "is unknown: \"" + kind + "\"" + Nearest.hint(kind, KINDS));
      }
    } catch (YamlNode.YamlException e) {
      problems.add(new Problem(file, e.line(), e.what()));
    }
  }

  private Reading finish() {
    Map<String, Objective> byId = new LinkedHashMap<>();
    for (Located located : objectives) {
      try {
        List<Objective> read = SloDocument.objectives(located.document, indicators);
        for (Objective objective : read) {
          if (byId.containsKey(objective.id())) {
            throw located.document.wrong(
                "metadata", "names a second SLO \"" + objective.id() + "\"");
          }
        }
        read.forEach(objective -> byId.put(objective.id(), objective));
      } catch (YamlNode.YamlException e) {
        problems.add(new Problem(located.file, e.line(), e.what()));
      }
    }
    return new Reading(List.copyOf(byId.values()), problems);
  }
}
