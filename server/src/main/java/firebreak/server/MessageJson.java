package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Notice;
import firebreak.webhooks.outgoing.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as they lie in the outbox. */
final class MessageJson {
  private MessageJson() {}

  /** The notice of a message to a destination. */
  static Notice notice(Message message, String destination) {
    return new Notice(
        message.key() + "@" + destination, destination, message.subject(), write(message));
  }

  private static String write(Message message) {
    ObjectNode body = JsonTree.object();
    body.put("key", message.key());
    body.put("subject", message.subject());
    body.put("severity", message.severity().name());
    body.put("title", message.title());
    body.set("lines", JsonTree.texts(message.lines()));
    body.put("link", message.link());
    ObjectNode labels = body.putObject("labels");
    message.labels().forEach(labels::put);
    body.set("starts_at", JsonTree.time(message.startsAt()));
    body.set("ends_at", JsonTree.time(message.endsAt()));
    return body.toString();
  }

  static Message read(String json) {
    JsonNode body = JsonTree.parsed(json);
    List<String> lines = new ArrayList<>();
    body.path("lines").forEach(line -> lines.add(line.asText()));
    Map<String, String> labels = new LinkedHashMap<>();
    body.path("labels")
        .properties()
        .forEach(one -> labels.put(one.getKey(), one.getValue().asText()));
    return new Message(
        body.path("key").asText(),
        body.path("subject").asText(),
        Message.Severity.valueOf(body.path("severity").asText()),
        body.path("title").asText(),
        lines,
        body.path("link").asText(),
        labels,
        Instant.parse(body.path("starts_at").asText()),
        body.hasNonNull("ends_at") ? Instant.parse(body.path("ends_at").asText()) : null);
  }
}
