package firebreak.eventstore.journal;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Times;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of one append in the journal: the dataset, the field names once, then the events, which
 * refer to names by their number.
 */
public final class EventCodec {
  private static final byte TEXT = 0;
  private static final byte WHOLE = 1;
  private static final byte REAL = 2;
  private static final byte FALSE = 3;
  private static final byte TRUE = 4;

  /** Events of one dataset. */
  public record Batch(String dataset, List<Event> events) {}

  private EventCodec() {}

  public static byte[] encode(Batch batch) {
    Map<String, Integer> names = new LinkedHashMap<>();
    for (Event event : batch.events()) {
      event.fields().keySet().forEach(name -> names.putIfAbsent(name, names.size()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * batch.events().size());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeText(out, batch.dataset());
      writeLength(out, names.size());
      for (String name : names.keySet()) {
        writeText(out, name);
      }
      writeLength(out, batch.events().size());
      for (Event event : batch.events()) {
        write(out, event, names);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Event event, Map<String, Integer> names)
      throws IOException {
    out.writeLong(Times.nanos(event.time()));
    writeLength(out, event.sampleRate());
    writeLength(out, event.fields().size());
    for (Map.Entry<String, Value> field : event.fields().entrySet()) {
      writeLength(out, names.getOrDefault(field.getKey(), 0));
      switch (field.getValue()) {
        case Value.Text(String text) -> {
          out.writeByte(TEXT);
          writeText(out, text);
        }
        case Value.Whole(long number) -> {
          out.writeByte(WHOLE);
          out.writeLong(number);
        }
        case Value.Real(double number) -> {
          out.writeByte(REAL);
          out.writeDouble(number);
        }
        case Value.Truth(boolean truth) -> out.writeByte(truth ? TRUE : FALSE);
      }
    }
  }

  /** Reads what {@link #encode} wrote from {@code offset} on, as often as it is there. */
  public static List<Batch> decode(byte[] bytes, int offset, int length) throws IOException {
    List<Batch> batches = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
      while (in.available() > 0) {
        batches.add(readBatch(in));
      }
    }
    return batches;
  }

  private static Batch readBatch(DataInputStream in) throws IOException {
    String dataset = readText(in);
    List<String> names = new ArrayList<>();
    for (int left = readLength(in); left > 0; left--) {
      names.add(readText(in));
    }
    List<Event> events = new ArrayList<>();
    for (int left = readLength(in); left > 0; left--) {
      events.add(readEvent(in, names));
    }
    return new Batch(dataset, events);
  }

  private static Event readEvent(DataInputStream in, List<String> names) throws IOException {
    long time = in.readLong();
    int sampleRate = readLength(in);
    Map<String, Value> fields = new HashMap<>();
    for (int left = readLength(in); left > 0; left--) {
      String name = names.get(readLength(in));
      fields.put(name, readValue(in));
    }
    return new Event(Times.instant(time), sampleRate, fields);
  }

  private static Value readValue(DataInputStream in) throws IOException {
    byte type = in.readByte();
    return switch (type) {
      case TEXT -> Value.of(readText(in));
      case WHOLE -> Value.of(in.readLong());
      case REAL -> new Value.Real(in.readDouble());
      case FALSE -> Value.of(false);
      case TRUE -> Value.of(true);
      default -> throw new IOException("a journal value has the unknown type " + type);
    };
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeLength(out, bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(readLength(in)), StandardCharsets.UTF_8);
  }

  /** Seven bits a byte, lowest first, the eighth telling that more follow. */
  private static void writeLength(DataOutputStream out, int length) throws IOException {
    int rest = length;
    while (rest > 0x7F) {
      out.writeByte((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static int readLength(DataInputStream in) throws IOException {
    int length = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte bits = in.readByte();
      length |= (bits & 0x7F) << shift;
      if (bits >= 0) {
        return length;
      }
    }
    throw new IOException("a journal length has more than 32 bits");
  }
}
