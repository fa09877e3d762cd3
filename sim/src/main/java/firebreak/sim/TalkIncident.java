package firebreak.sim;

/** The talk's incident as data, with its ground truth. */
public final class TalkIncident {}
