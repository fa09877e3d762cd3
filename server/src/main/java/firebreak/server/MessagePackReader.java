package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/** Reads MessagePack into a JSON tree; a timestamp becomes RFC 3339 text, binary becomes Base64. */
final class MessagePackReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final MessageUnpacker unpacker;
  private final long length;

  private MessagePackReader(byte[] bytes) {
    this.unpacker = MessagePack.newDefaultUnpacker(bytes);
    this.length = bytes.length;
  }

  static JsonNode read(byte[] bytes) {
    try {
      MessagePackReader reader = new MessagePackReader(bytes);
      JsonNode node = reader.value(0);
      if (reader.unpacker.hasNext()) {
        throw new IllegalArgumentException("the MessagePack body goes on after its value");
      }
      return node;
    } catch (MessageInsufficientBufferException e) {
      throw new IllegalArgumentException("the MessagePack body ends too early", e);
    } catch (MessagePackException | IOException | DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "the body is not well-formed MessagePack: " + e.getMessage(), e);
    }
  }

  private JsonNode value(int depth) throws IOException {
    if (depth > Limits.NESTING_DEPTH) {
      throw new IllegalArgumentException(
          "the MessagePack body is nested deeper than " + Limits.NESTING_DEPTH);
    }
    return switch (unpacker.getNextFormat().getValueType()) {
      case NIL -> {
        unpacker.unpackNil();
        yield NODES.nullNode();
      }
      case BOOLEAN -> NODES.booleanNode(unpacker.unpackBoolean());
      case INTEGER -> integer();
      case FLOAT -> NODES.numberNode(unpacker.unpackDouble());
      case STRING ->
          NODES.textNode(
              new String(payload(unpacker.unpackRawStringHeader()), StandardCharsets.UTF_8));
      case BINARY ->
          NODES.textNode(
              Base64.getEncoder().encodeToString(payload(unpacker.unpackBinaryHeader())));
      case ARRAY -> array(depth);
      case MAP -> map(depth);
      case EXTENSION -> extension();
    };
  }

  private JsonNode integer() throws IOException {
    return switch (unpacker.getNextFormat()) {
      case UINT64 -> NODES.numberNode(unpacker.unpackBigInteger());
      default -> NODES.numberNode(unpacker.unpackLong());
    };
  }

  private JsonNode array(int depth) throws IOException {
    ArrayNode array = NODES.arrayNode();
    int size = unpacker.unpackArrayHeader();
    for (int i = 0; i < size; i++) {
      array.add(value(depth + 1));
    }
    return array;
  }

  private JsonNode map(int depth) throws IOException {
    ObjectNode object = NODES.objectNode();
    int size = unpacker.unpackMapHeader();
    for (int i = 0; i < size; i++) {
      String key = value(depth + 1).asText();
      object.set(key, value(depth + 1));
    }
    return object;
  }

  private JsonNode extension() throws IOException {
    var header = unpacker.unpackExtensionTypeHeader();
    return header.isTimestampType()
        ? NODES.textNode(unpacker.unpackTimestamp(header).toString())
        : NODES.textNode(Base64.getEncoder().encodeToString(payload(header.getLength())));
  }

  /** Checks the length that the body claims before room is made for it. */
  private byte[] payload(int size) throws IOException {
    if (size > length - unpacker.getTotalReadBytes()) {
      throw new IllegalArgumentException("the MessagePack body ends too early");
    }
    return unpacker.readPayload(size);
  }
}
