package firebreak.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** LaunchDarkly's webhooks: entries of its audit log, of which those about flags are changes. */
final class LaunchDarkly implements Sender {
  private static final String SIGNATURE = "x-ld-signature";

  /** Such as {@code proj/p:env/e:flag/key}, each part perhaps with tags after a semicolon. */
  private static final Pattern FLAG =
      Pattern.compile("proj/[^:]*:env/([^:;]+)[^:]*:flag/([^:;]+).*");

  private static final Pattern OWN = Pattern.compile("\\bfirebreak intent=\\S");

  @Override
  public String name() {
    return "launchdarkly";
  }

  @Override
  public List<String> signatureHeaders() {
    return List.of(SIGNATURE);
  }

  @Override
  public boolean isSigned(Delivery delivery, List<String> secrets) {
    return Signature.isOf(delivery.body(), delivery.header(SIGNATURE), secrets);
  }

  @Override
  public Told read(Delivery delivery, Instant now) {
    Payload entry = Payload.parse(delivery.body());
    String kind = entry.requiredText("kind");
    if (!kind.equals("flag")) {
      return new Told.Nothing("an entry about a " + kind + " tells of no change to a flag");
    }
    String id = entry.requiredText("_id");
    Instant time = entry.requiredMillis("date");
    List<Change> changes = new ArrayList<>();
    for (Place place : places(entry)) {
      Definition before = Definition.of(entry.object("previousVersion"), place.environment());
      Definition after = Definition.of(entry.object("currentVersion"), place.environment());
      if (!before.servesAs(after)) {
        changes.add(change(entry, id, time, place, before, after));
      }
    }
    return changes.isEmpty()
        ? new Told.Nothing("the entry changes no targeting: " + verb(entry))
        : new Told.Changes(changes);
  }

  private static Change change(
      Payload entry, String id, Instant time, Place place, Definition before, Definition after) {
    boolean fenced = !after.fence().isEmpty() && !after.fence().equals(before.fence());
    return new Change.FlagChange(
        fenced
            ? Change.flagChangeId(place.flag(), place.environment(), after.fence())
            : Change.id("flag", "launchdarkly", id, place.flag(), place.environment()),
        time,
        place.flag(),
        "",
        place.environment(),
        after.fence(),
        before.json(),
        after.json(),
        OWN.matcher(entry.text("comment")).find(),
        Payload.firstLine("%s %s in %s".formatted(verb(entry), place.flag(), place.environment())),
        actor(entry),
        entry.object("_links").object("site").webAddress("href"));
  }

  private static String verb(Payload entry) {
    return Stream.of("titleVerb", "shortDescription", "description")
        .map(entry::text)
        .filter(text -> !text.isBlank())
        .findFirst()
        .orElse("changed");
  }

  private static String actor(Payload entry) {
    Payload member = entry.object("member");
    String name = (member.text("firstName") + " " + member.text("lastName")).strip();
    return Stream.of(
            member.text("email"),
            name,
            entry.object("token").text("name"),
            entry.object("app").text("name"))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** A flag in an environment. */
  private record Place(String flag, String environment) {}

  private static List<Place> places(Payload entry) {
    List<String> resources = new ArrayList<>(entry.object("target").texts("resources"));
    entry.objects("accesses").forEach(access -> resources.add(access.text("resource")));
    Set<String> environments = new TreeSet<>();
    String flag = "";
    for (String resource : resources) {
      Matcher match = FLAG.matcher(resource);
      if (match.matches()) {
        flag = match.group(2);
        if (match.group(1).equals("*")) {
          environments.addAll(entry.object("previousVersion").object("environments").names());
          environments.addAll(entry.object("currentVersion").object("environments").names());
        } else {
          environments.add(match.group(1));
        }
      }
    }
    if (flag.isEmpty()) {
      throw new IllegalArgumentException(
          "target.resources must name a flag, as proj/p:env/e:flag/key, was " + resources);
    }
    String key = flag;
    return environments.stream().map(environment -> new Place(key, environment)).toList();
  }

  /**
   * What a flag serves in one environment: the environment's targeting and, since targeting names
   * variations by number, the variations.
   */
  private record Definition(@Nullable ObjectNode targeting) {
    private static final List<String> WITHOUT_EFFECT =
        List.of("version", "lastModified", "trackEvents", "trackEventsFallthrough");

    static Definition of(Payload flag, String environment) {
      Payload environments = flag.object("environments");
      if (!environments.has(environment)) {
        return new Definition(null);
      }
      ObjectNode targeting = environments.object(environment).json().deepCopy();
      @Nullable JsonNode variations = flag.any("variations");
      if (variations != null) {
        targeting.set("variations", variations);
      }
      return new Definition(targeting);
    }

    String fence() {
      return targeting == null ? "" : new Payload(targeting, "environment").textOrNumber("version");
    }

    /** "null" where the flag is not there, for an empty text is a flag seen for the first time. */
    String json() {
      return targeting == null ? "null" : targeting.toString();
    }

    boolean servesAs(Definition other) {
      return targeting != null
          && other.targeting != null
          && effective(targeting).equals(effective(other.targeting));
    }

    private static ObjectNode effective(ObjectNode targeting) {
      ObjectNode effective = targeting.deepCopy();
      effective.remove(WITHOUT_EFFECT);
      effective.remove(
          targeting.properties().stream()
              .map(Map.Entry::getKey)
              .filter(key -> key.startsWith("_"))
              .toList());
      return effective;
    }
  }
}
