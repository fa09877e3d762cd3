package firebreak.server;

import com.google.protobuf.ByteString;
import firebreak.eventstore.Value;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags that log records told of, by the span in which they were evaluated, for when the span
 * comes.
 *
 * <p>A log record is sent when it is made and a span when it ends, so the record mostly comes
 * first. Of a span that came before its record nothing can be changed any more: then the flag is
 * only on the record's own event. So it is after a restart, and for the oldest spans when there are
 * more than {@link Limits#SPANS_AWAITED} or {@link Limits#AWAITED_FLAGS_CHARS}. A span is
 * remembered after it came, since it may be sent again. Safe for use by many threads.
 */
final class AwaitedFlags {
  /** An id has 16 or 8 bytes; nobody waits for a span whose id fills memory. */
  private static final int LONGEST_ID = 64;

  private final int spansAtMost;
  private final long charsAtMost;
  private final Map<Span, Map<String, Value>> flags = new LinkedHashMap<>();
  private long chars;

  private record Span(ByteString trace, ByteString span) {}

  AwaitedFlags() {
    this(Limits.SPANS_AWAITED, Limits.AWAITED_FLAGS_CHARS);
  }

  AwaitedFlags(int spansAtMost, long charsAtMost) {
    this.spansAtMost = spansAtMost;
    this.charsAtMost = charsAtMost;
  }

  /** Remembers a flag's field for the span. */
  synchronized void put(ByteString trace, ByteString span, String field, Value variation) {
    if (trace.isEmpty()
        || span.isEmpty()
        || trace.size() > LONGEST_ID
        || span.size() > LONGEST_ID) {
      return;
    }
    Map<String, Value> known = flags.computeIfAbsent(new Span(trace, span), _ -> new HashMap<>());
    @Nullable Value former = known.put(field, variation);
    chars += chars(field, variation) - (former == null ? 0 : chars(field, former));
    forgetOldest();
  }

  /** The fields told of for the span so far. */
  synchronized Map<String, Value> of(ByteString trace, ByteString span) {
    return Map.copyOf(flags.getOrDefault(new Span(trace, span), Map.of()));
  }

  private void forgetOldest() {
    Iterator<Map<String, Value>> oldest = flags.values().iterator();
    while (flags.size() > spansAtMost || chars > charsAtMost) {
      for (Map.Entry<String, Value> flag : oldest.next().entrySet()) {
        chars -= chars(flag.getKey(), flag.getValue());
      }
      oldest.remove();
    }
  }

  private static long chars(String field, Value variation) {
    return field.length() + (long) variation.display().length();
  }
}
