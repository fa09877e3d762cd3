package firebreak.guard;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the guard is set up.
 *
 * @param environment the production whose flags it may turn; part of every intent
 * @param eligible globs of flag keys that the guard may turn by itself; none by default
 * @param optInTag whether the provider has tags, so that a flag must also carry {@link #OPT_IN_TAG}
 *     and be temporary
 * @param trustedSignals whether only trusted senders can put events in; whoever can send events can
 *     make any flag look guilty
 * @param evidenceUrl goes before an incident's id in comments that leave the house; may be empty
 */
public record Settings(
    String environment,
    List<String> eligible,
    boolean optInTag,
    boolean trustedSignals,
    Limits limits,
    String evidenceUrl) {

  /** The tag by which a flag's owners let it be turned automatically. */
  public static final String OPT_IN_TAG = "auto-mitigate";

  /** An environment and what may be turned in it, the rest as usual. */
  public static Settings of(String environment, List<String> eligible) {
    return new Settings(environment, eligible, false, true, Limits.DEFAULT, "");
  }

  public Settings {
    eligible = List.copyOf(eligible);
  }

  /** Whether a glob lists the flag; {@code *} stands for any text. */
  boolean lists(String flag) {
    return eligible.stream().anyMatch(glob -> matches(glob, flag));
  }

  private static boolean matches(String glob, String flag) {
    String pattern =
        Pattern.compile("*", Pattern.LITERAL)
            .splitAsStream(glob + "|")
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return (flag + "|").matches(pattern);
  }
}
