package firebreak.deploytracker;

import firebreak.eventstore.Event;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a build's time went, read off its trace.
 *
 * @param build its own span
 * @param criticalPath what had to be faster for the build to be faster, in its order: together as
 *     long as the build
 * @param slowest the longest of its steps, or of its jobs where no step is known; null where
 *     neither
 */
public record BuildAnatomy(Span build, List<Segment> criticalPath, @Nullable Span slowest) {
  /** Parts nested deeper are taken as a whole. */
  private static final int DEPTH_AT_MOST = 16;

  public BuildAnatomy {
    criticalPath = List.copyOf(criticalPath);
  }

  /** A part of a build, with what it is called and for how long it waited to start. */
  public record Span(
      String id,
      String parentId,
      String kind,
      String name,
      Instant start,
      Instant end,
      Duration queued,
      boolean failed,
      Event event) {
    public Duration length() {
      return Duration.between(start, end);
    }

    static Optional<Span> of(Event event) {
      String id = text(event, Traces.SPAN_ID);
      Value duration = event.field("duration_ms");
      if (id.isEmpty() || duration == null || !duration.isNumber() || duration.asDouble() < 0) {
        return Optional.empty();
      }
      Value queued = event.field("queued_ms");
      return Optional.of(
          new Span(
              id,
              text(event, Traces.PARENT_ID),
              text(event, "service_name"),
              text(event, "name"),
              event.time(),
              event.time().plusMillis(Math.round(duration.asDouble())),
              Duration.ofMillis(
                  queued == null || !queued.isNumber()
                      ? 0
                      : Math.max(0, Math.round(queued.asDouble()))),
              Value.of(true).equals(event.field("error")),
              event));
    }

    private static String text(Event event, String field) {
      Value value = event.field(field);
      return value == null ? "" : value.display();
    }
  }

  /** What a stretch of the critical path was spent on. */
  public enum Spent {
    /** The part itself was at work, or none of its own is known to have been. */
    WORK,
    /** It waited for a machine. */
    QUEUED
  }

  /** A stretch of the critical path. */
  public record Segment(Spent spent, String kind, String name, Instant from, Instant to) {
    public Duration length() {
      return Duration.between(from, to);
    }
  }

  /** How long the critical path waited for machines. */
  public Duration queued() {
    return criticalPath.stream()
        .filter(segment -> segment.spent() == Spent.QUEUED)
        .map(Segment::length)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Of the events of one trace; empty while the build itself is not over. */
  public static Optional<BuildAnatomy> of(List<Event> trace) {
    List<Span> spans = trace.stream().map(Span::of).flatMap(Optional::stream).distinct().toList();
    return spans.stream()
        .filter(span -> span.kind().equals("build") && span.parentId().isEmpty())
        .findFirst()
        .map(build -> of(build, spans));
  }

  private static BuildAnatomy of(Span build, List<Span> spans) {
    Map<String, List<Span>> children = new HashMap<>();
    spans.stream()
        .filter(span -> !span.id().equals(build.id()))
        .sorted(Comparator.comparing(Span::end).reversed())
        .forEach(
            span -> children.computeIfAbsent(span.parentId(), _ -> new ArrayList<>()).add(span));
    List<Segment> backwards = new ArrayList<>();
    new Walk(children, backwards, new HashSet<>(Set.of(build)))
        .along(build, build.start(), build.end(), 0);
    return new BuildAnatomy(build, backwards.reversed(), slowest(build, spans));
  }

  /** Of those that were over when the build was: one that goes on was not waited for. */
  private static @Nullable Span slowest(Span build, List<Span> spans) {
    return Stream.of("step", "job")
        .flatMap(
            kind ->
                spans.stream()
                    .filter(span -> span.kind().equals(kind))
                    .filter(span -> !span.end().isAfter(build.end()))
                    .max(Comparator.comparing(Span::length))
                    .stream())
        .findFirst()
        .orElse(null);
  }

  /**
   * From the end back: what ended last is what was waited for.
   *
   * @param children of each part, what ended last first
   * @param walked parts are walked along once, however they name their parents
   */
  private record Walk(Map<String, List<Span>> children, List<Segment> backwards, Set<Span> walked) {

    void along(Span span, Instant from, Instant until, int depth) {
      Instant at = until;
      Span after = null;
      List<Span> parts =
          depth < DEPTH_AT_MOST ? children.getOrDefault(span.id(), List.of()) : List.of();
      for (Span part : parts) {
        if (!part.end().isAfter(at) && part.end().isAfter(from) && walked.add(part)) {
          own(span, part.end(), at, after);
          at = part.start().isBefore(from) ? from : part.start();
          along(part, at, part.end(), depth + 1);
          after = part;
        }
      }
      own(span, from, at, after);
    }

    /** What lies before a child is its waiting as far as it says so, and else the parent's own. */
    private void own(Span span, Instant from, Instant to, @Nullable Span child) {
      if (!from.isBefore(to)) {
        return;
      }
      Instant queuedFrom = child == null ? to : child.start().minus(child.queued());
      Instant split = queuedFrom.isBefore(from) ? from : queuedFrom;
      if (child != null && split.isBefore(to)) {
        backwards.add(new Segment(Spent.QUEUED, child.kind(), child.name(), split, to));
      }
      if (from.isBefore(split)) {
        backwards.add(
            new Segment(
                Spent.WORK, span.kind(), span.name(), from, split.isBefore(to) ? split : to));
      }
    }
  }
}
