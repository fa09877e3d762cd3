package firebreak.eventstore;

/**
 * The fields by which events are spans of a trace, and by which a field of another span is named.
 */
public final class Traces {
  public static final String TRACE_ID = "trace.trace_id";
  public static final String SPAN_ID = "trace.span_id";
  public static final String PARENT_ID = "trace.parent_id";

  /** Before a field's name: its value on the span of the trace that has no parent. */
  public static final String ROOT = "root.";

  /** Before a field's name: its value on the span that this one names as its parent. */
  public static final String PARENT = "parent.";

  private Traces() {}
}
