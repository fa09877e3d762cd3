package firebreak.flags;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flag as its provider has it now.
 *
 * @param fence changes with every change to the flag: the version in LaunchDarkly, a hash of the
 *     flag's node in a file; a write names the fence it expects
 * @param variations the values that can be served, as text ("true", "false", "blue"), by index
 * @param offVariation the value served when the flag is off, null where the flag has none
 * @param definition the flag's targeting as its provider writes it, JSON text
 * @param dependents the flags in use that ask this one first, as their prerequisite
 */
public record FlagState(
    String key,
    String fence,
    boolean on,
    List<String> variations,
    @Nullable String offVariation,
    boolean temporary,
    boolean archived,
    Set<String> tags,
    String definition,
    Set<String> dependents) {
  public FlagState {
    variations = List.copyOf(variations);
    tags = Set.copyOf(tags);
    dependents = Set.copyOf(dependents);
  }

  /** A flag that no other asks. */
  public FlagState(
      String key,
      String fence,
      boolean on,
      List<String> variations,
      @Nullable String offVariation,
      boolean temporary,
      boolean archived,
      Set<String> tags,
      String definition) {
    this(key, fence, on, variations, offVariation, temporary, archived, tags, definition, Set.of());
  }

  FlagState with(Set<String> others) {
    return new FlagState(
        key, fence, on, variations, offVariation, temporary, archived, tags, definition, others);
  }
}
