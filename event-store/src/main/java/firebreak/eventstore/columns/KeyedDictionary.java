package firebreak.eventstore.columns;

import firebreak.eventstore.Value;

/** A dictionary that tells its values without making an object for each. */
interface KeyedDictionary extends Dictionary {
  /** Fills {@code into} with the value of a code. */
  void key(int code, Key into);

  @Override
  default Value value(int code) {
    Key key = new Key();
    key(code, key);
    return key.value();
  }

  /** A dictionary of any kind, seen as one of these. */
  static KeyedDictionary of(Dictionary dictionary) {
    return dictionary instanceof KeyedDictionary keyed ? keyed : new Wrapped(dictionary);
  }

  /** A dictionary that knows only whole values. */
  record Wrapped(Dictionary wrapped) implements KeyedDictionary {
    @Override
    public void key(int code, Key into) {
      into.set(wrapped.value(code));
    }

    @Override
    public int size() {
      return wrapped.size();
    }

    @Override
    public int code(Value value) {
      return wrapped.code(value);
    }
  }
}
