package firebreak.server;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events of one OTLP request, cut into appends that the store takes. Each event has what its
 * resource shares, which the request holds but once, so that a request within the limit may become
 * more than one append may take.
 */
final class OtlpPieces {
  /** What a number takes at most, or the length of a text. */
  private static final int NUMBER_CHARS = 10;

  private OtlpPieces() {}

  /**
   * Events of one dataset that are appended together.
   *
   * @param number counts the pieces of the dataset from 0; the same request is always cut alike
   */
  record Piece(String dataset, List<Event> events, int number) {

    /** The piece's own part of the key that the sender names the request by. */
    @Nullable BatchKey key(@Nullable BatchKey whole) {
      if (whole == null || number == 0) {
        return whole;
      }
      byte[] name = (whole.text() + "#" + number).getBytes(StandardCharsets.UTF_8);
      return new BatchKey(UUID.nameUUIDFromBytes(name).toString(), whole.arrived());
    }
  }

  /**
   * Cuts before the event that would exceed so many characters.
   *
   * @throws Refusal if all of them together are more than a request may become
   */
  static List<Piece> of(Map<String, List<Event>> byDataset, long pieceChars, long mostChars) {
    List<Piece> pieces = new ArrayList<>();
    long all = 0;
    for (Map.Entry<String, List<Event>> each : byDataset.entrySet()) {
      List<Event> events = each.getValue();
      long chars = 0;
      int from = 0;
      int number = 0;
      for (int i = 0; i < events.size(); i++) {
        long more = chars(events.get(i));
        all += more;
        if (chars + more > pieceChars && i > from) {
          pieces.add(new Piece(each.getKey(), events.subList(from, i), number++));
          from = i;
          chars = 0;
        }
        chars += more;
      }
      pieces.add(new Piece(each.getKey(), events.subList(from, events.size()), number));
    }
    if (all > mostChars) {
      throw new Refusal(
          413,
          "with what its resources share, the events of this request take %,d characters, and %,d"
                  .formatted(all, mostChars)
              + " are taken; send fewer spans, log records or data points at a time");
    }
    return pieces;
  }

  /** As it lies in the journal, where the names of fields lie once for all events of a shape. */
  private static long chars(Event event) {
    FieldMap fields = event.fieldMap();
    long chars = 2 * NUMBER_CHARS;
    for (int i = 0; i < fields.size(); i++) {
      chars += NUMBER_CHARS;
      if (fields.value(i) instanceof Value.Text(String text)) {
        chars += text.length();
      }
    }
    return chars;
  }
}
