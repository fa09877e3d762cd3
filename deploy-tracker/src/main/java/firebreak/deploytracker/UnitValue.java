package firebreak.deploytracker;

import firebreak.bubbleup.Term;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;

/** One customer or user: whom events were for. */
record UnitValue(FieldRoles.Unit unit, Value value) {

  Filter filter() {
    return Filter.equal(unit.field(), value);
  }

  Term term() {
    return new Term(unit.field(), value);
  }
}
