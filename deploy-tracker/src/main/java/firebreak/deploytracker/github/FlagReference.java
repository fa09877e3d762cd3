package firebreak.deploytracker.github;

/**
 * A place in a diff that names a flag.
 *
 * @param line in the file as it is after the change, or as it was before where the line was removed
 * @param added whether the line came in or went away
 */
public record FlagReference(String flag, String path, int line, boolean added) {}
