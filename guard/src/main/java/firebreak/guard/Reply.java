package firebreak.guard;

import java.util.List;

/** What a person who asks the guard for something is told. */
public sealed interface Reply {

  /** It was taken up; the incident tells how far it has come. */
  record Done(Incident incident) implements Reply {}

  /**
   * A dry run: nothing was written, this is what would be; JSON texts.
   *
   * @param notes what the provider will do by itself, in sentences
   */
  record WouldChange(String before, String after, List<String> notes) implements Reply {
    public WouldChange {
      notes = List.copyOf(notes);
    }
  }

  /** There is no such incident, mitigation or flag. */
  record NotFound(String why) implements Reply {}

  /** It does not fit how things stand now; look again. */
  record Conflict(String why) implements Reply {}

  /** It cannot be done: the stop switch is on, or the provider says no. */
  record Refused(String why) implements Reply {}

  /** The provider did not answer, or not clearly; trying again may help. */
  record Unavailable(String why) implements Reply {}
}
