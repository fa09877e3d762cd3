package firebreak.eventstore;

/**
 * The fields by which events are spans of a trace, and by which a field of another span is named.
 *
 * <p>The events of a trace are those of the question's datasets and time range that share {@link
 * #TRACE_ID}. Those that have a {@link #SPAN_ID} are its spans. Where several qualify as the root,
 * or as the parent, it is the earliest; of one time the one whose dataset's name comes first, and
 * within a dataset the one that was appended first.
 */
public final class Traces {
  public static final String TRACE_ID = "trace.trace_id";
  public static final String SPAN_ID = "trace.span_id";
  public static final String PARENT_ID = "trace.parent_id";

  /** Before a field's name: its value on the span of the trace that has no {@link #PARENT_ID}. */
  public static final String ROOT = "root.";

  /** Before a field's name: its value on the span whose id is this event's {@link #PARENT_ID}. */
  public static final String PARENT = "parent.";

  private Traces() {}

  /** Whether a field's name is that of a field of another span. */
  public static boolean isRelational(String field) {
    return field.startsWith(ROOT) || field.startsWith(PARENT);
  }

  /** A field's name on its own span. */
  public static String own(String field) {
    return field.startsWith(ROOT)
        ? field.substring(ROOT.length())
        : field.startsWith(PARENT) ? field.substring(PARENT.length()) : field;
  }
}
