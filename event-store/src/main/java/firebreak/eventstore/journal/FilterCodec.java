package firebreak.eventstore.journal;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The bytes of a filter. */
final class FilterCodec {
  private static final byte AND = 0;
  private static final byte OR = 1;
  private static final byte NOT = 2;
  private static final byte EXISTS = 3;
  private static final byte IN = 4;
  private static final byte COMPARE = 5;
  private static final byte MATCHES = 6;
  private static final byte DURING = 7;
  private static final int MOST_DEPTH = 100;

  private FilterCodec() {}

  static void write(ByteWriter out, Filter filter) {
    switch (filter) {
      case Filter.And(List<Filter> filters) -> writeAll(out, AND, filters);
      case Filter.Or(List<Filter> filters) -> writeAll(out, OR, filters);
      case Filter.Not(Filter negated) -> writeAll(out, NOT, List.of(negated));
      case Filter.Exists(String field) -> {
        out.writeByte(EXISTS);
        out.writeText(field);
      }
      case Filter.In(String field, Set<Value> values) -> {
        out.writeByte(IN);
        out.writeText(field);
        out.writeLength(values.size());
        values.forEach(value -> ValueCodec.write(out, value));
      }
      case Filter.Compare(String field, Relation relation, Value bound) -> {
        out.writeByte(COMPARE);
        out.writeText(field);
        out.writeText(relation.name());
        ValueCodec.write(out, bound);
      }
      case Filter.Matches(String field, Filter.Match match, String text) -> {
        out.writeByte(MATCHES);
        out.writeText(field);
        out.writeText(match.name());
        out.writeText(text);
      }
      case Filter.During(TimeRange range) -> {
        out.writeByte(DURING);
        out.writeNumber(Times.nanos(range.start()));
        out.writeNumber(Times.nanos(range.end()));
      }
      case Filter.InTrace _ ->
          throw new IllegalArgumentException(
              "events are erased by what they are themselves, not by their trace");
    }
  }

  private static void writeAll(ByteWriter out, byte kind, List<Filter> filters) {
    out.writeByte(kind);
    out.writeLength(filters.size());
    filters.forEach(filter -> write(out, filter));
  }

  static Filter read(ByteReader in) throws IOException {
    return read(in, MOST_DEPTH);
  }

  private static Filter read(ByteReader in, int depth) throws IOException {
    if (depth == 0) {
      throw new IOException("a journal filter is nested too deeply");
    }
    byte kind = in.readByte();
    return switch (kind) {
      case AND -> new Filter.And(readAll(in, depth));
      case OR -> new Filter.Or(readAll(in, depth));
      case NOT -> new Filter.Not(readAll(in, depth).getFirst());
      case EXISTS -> new Filter.Exists(in.readText());
      case IN -> readIn(in);
      case COMPARE ->
          new Filter.Compare(in.readText(), Relation.valueOf(in.readText()), ValueCodec.read(in));
      case MATCHES ->
          new Filter.Matches(in.readText(), Filter.Match.valueOf(in.readText()), in.readText());
      case DURING ->
          new Filter.During(
              new TimeRange(Times.instant(in.readNumber()), Times.instant(in.readNumber())));
      default -> throw new IOException("a journal filter has the unknown kind " + kind);
    };
  }

  private static Filter readIn(ByteReader in) throws IOException {
    String field = in.readText();
    Set<Value> values = new HashSet<>();
    for (int left = in.readCount(); left > 0; left--) {
      values.add(ValueCodec.read(in));
    }
    return new Filter.In(field, values);
  }

  private static List<Filter> readAll(ByteReader in, int depth) throws IOException {
    List<Filter> filters = new ArrayList<>();
    for (int left = in.readCount(); left > 0; left--) {
      filters.add(read(in, depth - 1));
    }
    return filters;
  }
}
