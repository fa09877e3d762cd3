package firebreak.flags;

import java.time.Instant;

/** A context's target that the provider removes by itself at a time. */
public record ExpiringTarget(String contextKind, String key, String variation, Instant at) {}
