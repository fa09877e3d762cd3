package firebreak.records;

/**
 * A query that something refers to, and which therefore stays.
 *
 * @param spec as it was asked, JSON text
 */
public record SavedQuery(String id, String dataset, String spec) {}
