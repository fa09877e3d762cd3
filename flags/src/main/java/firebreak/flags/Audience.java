package firebreak.flags;

import java.util.List;

/** Whom a change to a flag touches, from the smallest to the largest. */
public sealed interface Audience {

  /** A few contexts of one kind, named by key; the talk's mitigation is one customer. */
  record Contexts(String kind, List<String> keys) implements Audience {
    public Contexts {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("an audience of contexts names at least one key");
      }
    }
  }

  /** The members of a segment. */
  record Segment(String key) implements Audience {}

  /** Everyone: the flag itself is turned off. */
  record Everyone() implements Audience {}
}
