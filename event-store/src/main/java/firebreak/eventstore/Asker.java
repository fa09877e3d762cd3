package firebreak.eventstore;

/** Whoever waits for the answers to some questions, and may stop waiting. */
@FunctionalInterface
public interface Asker {
  /** One who waits for as long as it takes. */
  Asker PATIENT = () -> false;

  /** Whether nobody waits any more. Is called often, by many threads. */
  boolean isGone();
}
