package firebreak.guard;

/** How far the guard may go. */
public enum Mode {
  /** Says what it would do. */
  WATCH,
  /** Does it when a person approves. */
  ASK,
  /** Does it by itself, where policy allows. */
  ACT
}
