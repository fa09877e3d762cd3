package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import java.util.Arrays;

/** What the numbers of a field in each bin weigh, in each of a bounded number of spots. */
final class Histogram {
  private final String field;
  private final int width;
  private long[] places = new long[64];
  private int[] stretch = {};

  Histogram(String field, BinScale scale) {
    this.field = field;
    width = scale.size();
  }

  /** How many bins there are, that of no number included. */
  int width() {
    return width;
  }

  /** How many places there are so far. */
  int length() {
    return places.length;
  }

  /** The weight at a place: {@link #width} times the spot, plus the bin. */
  long at(int place) {
    return place < places.length ? places[place] : 0;
  }

  void add(Batch batch) {
    int[] bins = batch.field(field).bins();
    long[] weights = batch.weights();
    places = Accumulator.reach(places, (batch.highest() + 1) * width - 1);
    long[] into = places;
    int count = batch.count();
    if (batch.isAlike()) {
      int base = batch.spot() * width;
      for (int i = 0; i < count; i++) {
        into[base + bins[i]] += weights == null ? 1 : weights[i];
      }
    } else if (weights == null) {
      int[] spots = batch.spotOfRow();
      for (int i = 0; i < count; i++) {
        into[spots[i] * width + bins[i]]++;
      }
    } else {
      int[] spots = batch.spotOfRow();
      for (int i = 0; i < count; i++) {
        into[spots[i] * width + bins[i]] += weights[i];
      }
    }
  }

  /** Adds an interval of rows of one spot, code by code, if there are many rows to a code. */
  boolean addStretch(Batch batch, int from, int to) {
    return switch (batch.part().column(field)) {
      case null -> true;
      case Column.Coded coded -> {
        int highest = coded.dictionary().size();
        if (highest >= to - from) {
          yield false;
        }
        int[] binOfCode = batch.field(field).binOfCode();
        int[] counts = counted(coded.codes(), from, to, highest);
        for (int code = 1; code <= highest; code++) {
          add(batch.spot(), binOfCode[code], counts[code]);
        }
        yield true;
      }
      case Column.Measured measured -> {
        int highest = measured.highestCode();
        if (highest >= to - from) {
          yield false;
        }
        int shift = batch.field(field).shift(measured);
        int[] counts = counted(measured.bins(), from, to, highest);
        for (int code = 1; code <= highest; code++) {
          add(batch.spot(), code + shift, counts[code]);
        }
        yield true;
      }
    };
  }

  private int[] counted(Codes codes, int from, int to, int highest) {
    if (stretch.length <= highest) {
      stretch = new int[highest + 1];
    } else {
      Arrays.fill(stretch, 0, highest + 1, 0);
    }
    codes.count(from, to, stretch);
    return stretch;
  }

  /** Adds a weight to a bin of a spot. */
  void add(int spot, int bin, long weight) {
    if (weight != 0) {
      places = Accumulator.reach(places, (spot + 1) * width - 1);
      places[spot * width + bin] += weight;
    }
  }

  void merge(Histogram other) {
    places = Accumulator.reach(places, other.places.length - 1);
    for (int i = 0; i < other.places.length; i++) {
      places[i] += other.places[i];
    }
  }
}
