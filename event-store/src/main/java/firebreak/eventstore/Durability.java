package firebreak.eventstore;

/** How safe events are when their sender is told that they are kept. */
public enum Durability {
  /** They are on disk: a power cut cannot take them. */
  DURABLE,

  /** They are written, and on disk within a second: a power cut may take that second. */
  FAST
}
