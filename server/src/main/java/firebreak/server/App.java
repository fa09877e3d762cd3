package firebreak.server;

/** The process, wired by hand in the order in which data flows. */
public final class App {}
