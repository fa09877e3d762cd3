package firebreak.bubbleup;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;

/** A field has a value: the unit of explanation. */
public record Term(String field, Value value) {

  public Filter filter() {
    return Filter.equal(field, value);
  }

  /** As a person reads it: {@code customer_id = retail}. */
  public String display() {
    return field + " = " + value.display();
  }
}
