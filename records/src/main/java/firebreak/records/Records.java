package firebreak.records;

/** The database of what people and the guard write down. */
public final class Records {}
