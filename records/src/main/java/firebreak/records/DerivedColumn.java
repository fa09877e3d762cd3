package firebreak.records;

import java.time.Instant;

/**
 * A derived column that someone has saved.
 *
 * @param dataset the dataset whose queries may name it, or the name that stands for all of them
 * @param alias the name under which queries use it, one of its kind in a dataset
 * @param expression the text of its formula
 * @param createdAt to the second, as is {@code updatedAt}
 */
public record DerivedColumn(
    String id,
    String dataset,
    String alias,
    String expression,
    String description,
    Instant createdAt,
    Instant updatedAt) {}
