package firebreak.guard;

import java.time.Instant;

/** Patrols: looks for burns, finds what did it, and stops it in the smallest way. */
public final class Guard {

  /** One round of the patrol. */
  public void patrol(Instant now) {
    throw new UnsupportedOperationException(now.toString());
  }

  /** Takes one burn from alert to decision to act. */
  void respond(Incident incident, Instant now) {
    throw new UnsupportedOperationException(incident.id() + now);
  }
}
