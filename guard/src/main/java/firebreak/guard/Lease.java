package firebreak.guard;

import java.time.Instant;

/**
 * The end that a person gave a mitigation, at which the flag provider gives back by itself what was
 * taken. The guard gives none of its own accord.
 *
 * @param actor who asked for it
 * @param known whether the provider has been told
 */
public record Lease(Instant end, String actor, boolean known) {}
