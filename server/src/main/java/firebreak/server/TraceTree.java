package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of one trace as a tree of spans, in the order of a waterfall: a span before its
 * children, siblings by their start.
 *
 * <p>An event is an annotation of a span when it says so or has no span id but a parent; any other
 * is a span. Where several events claim one span id, the first in time has the children.
 */
final class TraceTree {
  static final String ANNOTATION_TYPE = "meta.annotation_type";

  private static final Comparator<Node> BY_START =
      Comparator.comparing((Node node) -> node.event().time())
          .thenComparing(node -> text(node.event(), "name"))
          .thenComparing(node -> text(node.event(), Traces.SPAN_ID));

  private final Map<String, Node> byId = new HashMap<>();
  private final List<Node> spans = new ArrayList<>();
  private final List<Annotation> unattached = new ArrayList<>();

  /** How a span stands to the span that it names as its parent. */
  enum Parentage {
    /** It names none. */
    ROOT,
    /** Its parent is there. */
    KNOWN,
    /** Its parent is not there: not stored, or beyond what was looked at. */
    MISSING,
    /** Following the parents leads back to the span itself. */
    CIRCULAR
  }

  /** An event and the dataset that it lies in. */
  record Found(String dataset, Event event) {}

  /** A span event, a link or a log record. */
  record Annotation(String dataset, String type, Event event) {}

  /** A span at its place in the tree. */
  record Span(
      String dataset, Event event, Parentage parentage, int depth, List<Annotation> annotations) {}

  private record Node(
      String dataset, Event event, List<Node> children, List<Annotation> annotations) {}

  /** Takes the events, oldest first. */
  TraceTree(List<Found> events) {
    for (Found found : events) {
      if (!isAnnotation(found.event())) {
        Node node = new Node(found.dataset(), found.event(), new ArrayList<>(), new ArrayList<>());
        spans.add(node);
        byId.putIfAbsent(text(found.event(), Traces.SPAN_ID), node);
      }
    }
    byId.remove("");
    for (Found found : events) {
      if (isAnnotation(found.event())) {
        attach(found);
      }
    }
    for (Node node : spans) {
      @Nullable Node parent = byId.get(text(node.event(), Traces.PARENT_ID));
      if (parent != null) {
        parent.children().add(node);
      }
    }
    spans.sort(BY_START);
    spans.forEach(node -> node.children().sort(BY_START));
  }

  private static boolean isAnnotation(Event event) {
    return event.field(ANNOTATION_TYPE) != null
        || (event.field(Traces.SPAN_ID) == null && event.field(Traces.PARENT_ID) != null);
  }

  private void attach(Found found) {
    Event event = found.event();
    String type = text(event, ANNOTATION_TYPE);
    Annotation annotation =
        new Annotation(found.dataset(), type.isEmpty() ? "span_event" : type, event);
    @Nullable Node span = byId.get(text(event, Traces.PARENT_ID));
    (span == null ? unattached : span.annotations()).add(annotation);
  }

  /** The annotations whose span is not there. */
  List<Annotation> unattached() {
    return List.copyOf(unattached);
  }

  /** Every span once, in the order of a waterfall. */
  List<Span> spans() {
    Set<Node> reached = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Span> order = new ArrayList<>();
    for (Node node : spans) {
      Parentage parentage = parentage(node);
      if (parentage != Parentage.KNOWN) {
        walk(node, parentage, reached, order);
      }
    }
    for (Node node : spans) {
      walk(node, Parentage.CIRCULAR, reached, order);
    }
    return order;
  }

  private Parentage parentage(Node node) {
    String parent = text(node.event(), Traces.PARENT_ID);
    if (parent.isEmpty()) {
      return Parentage.ROOT;
    }
    return byId.containsKey(parent) ? Parentage.KNOWN : Parentage.MISSING;
  }

  private record Step(Node node, Parentage parentage, int depth) {}

  /** Without recursion, since a trace may be as deep as it is long. */
  private static void walk(Node top, Parentage parentage, Set<Node> reached, List<Span> order) {
    Deque<Step> open = new ArrayDeque<>();
    open.push(new Step(top, parentage, 0));
    while (!open.isEmpty()) {
      Step step = open.pop();
      Node node = step.node();
      if (!reached.add(node)) {
        continue;
      }
      order.add(
          new Span(
              node.dataset(), node.event(), step.parentage(), step.depth(), node.annotations()));
      for (Node child : node.children().reversed()) {
        open.push(new Step(child, Parentage.KNOWN, step.depth() + 1));
      }
    }
  }

  /** When the first span starts. */
  Instant start() {
    return spans.isEmpty() ? unattached.getFirst().event().time() : spans.getFirst().event().time();
  }

  /** The field as text, empty when the event lacks it. */
  static String text(Event event, String field) {
    @Nullable Value value = event.field(field);
    return value == null ? "" : value.display();
  }
}
