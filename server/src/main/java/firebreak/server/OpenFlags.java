package firebreak.server;

import firebreak.flags.FlagReader;
import firebreak.flags.FlagSwitch;
import firebreak.flags.FlagWatch;
import firebreak.flags.Flags;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags of this process, from wherever the configuration has them.
 *
 * @param watch null where flags are not followed live; then they are looked at now and then
 * @param environment in which flags are turned
 */
record OpenFlags(FlagSwitch flagSwitch, @Nullable FlagWatch watch, String environment) {
  private static final String APPLICATION = "firebreak";

  /** The environment of a source that has none of its own. */
  private static final String PRODUCTION = "production";

  /**
   * Opens the source.
   *
   * @throws IllegalArgumentException in one line for the operator, when it cannot be read
   */
  static OpenFlags open(Config.FlagSource source) {
    return switch (source) {
      case Config.FlagSource.None() -> new OpenFlags(new NoFlags(), null, PRODUCTION);
      case Config.FlagSource.File file ->
          new OpenFlags(Flags.file(file.path()), Flags.followFile(file.path()), PRODUCTION);
      case Config.FlagSource.Flagd(Path path, Map<String, String> attributes) ->
          new OpenFlags(Flags.flagd(path, attributes), Flags.watchFlagd(path), PRODUCTION);
      case Config.FlagSource.LaunchDarkly launchDarkly -> launchDarkly(launchDarkly);
    };
  }

  private static OpenFlags launchDarkly(Config.FlagSource.LaunchDarkly source) {
    Secret token = source.token();
    Secret sdkKey = source.sdkKey();
    URI base = source.baseUri();
    FlagSwitch flagSwitch =
        token == null
            ? new NoFlags()
            : Flags.launchDarkly(
                new Flags.Access(
                    base == null ? Flags.Access.BASE_URI : base,
                    source.project(),
                    source.environment(),
                    token.value()));
    FlagReader reader =
        sdkKey == null
            ? null
            : Flags.followLaunchDarkly(
                new Flags.Stream(sdkKey.value(), source.streamUri(), APPLICATION));
    return new OpenFlags(flagSwitch, reader, source.environment());
  }
}
