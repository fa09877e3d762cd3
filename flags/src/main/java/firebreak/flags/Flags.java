package firebreak.flags;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens flags where they are kept: in a file of LaunchDarkly's or flagd's, or in LaunchDarkly. */
public final class Flags {

  private Flags() {}

  /**
   * Changes flags in a file of LaunchDarkly's file-data format, in JSON.
   *
   * @throws IllegalArgumentException in one line with the path and the cause, when the file cannot
   *     be read or is not such a file
   */
  public static FlagSwitch file(Path path) {
    LaunchDarklyFormat format = new LaunchDarklyFormat();
    FlagFile.check(path, format);
    return new FlagFile(path, format);
  }

  /**
   * Changes flags in a file of OpenFeature's flagd, in JSON. A variation is a variant's name.
   *
   * @param attributes the attribute of an evaluation context that holds the key of a kind of
   *     context, where that is not the kind's own name; a user is the targeting key
   * @throws IllegalArgumentException as {@link #file}
   */
  public static FlagSwitch flagd(Path path, Map<String, String> attributes) {
    FlagdFormat format = new FlagdFormat(attributes);
    FlagFile.check(path, format);
    return new FlagFile(path, format);
  }

  /**
   * Tells of changes to flags in a file of flagd's, within a second.
   *
   * @throws IllegalArgumentException as {@link #file}
   */
  public static FlagWatch watchFlagd(Path path) {
    FlagdFormat format = new FlagdFormat(Map.of());
    FlagFile.check(path, format);
    return new FileWatch(path, format);
  }

  /**
   * Follows the flags of a file as an application does, through LaunchDarkly's SDK. Nothing is sent
   * anywhere.
   *
   * @throws IllegalArgumentException as {@link #file}
   */
  public static FlagReader followFile(Path path) {
    FlagFile.check(path, new LaunchDarklyFormat());
    return SdkFlagReader.ofFile(path);
  }

  /**
   * The fence that a flag has in a file in which it is defined so.
   *
   * @throws IllegalArgumentException for a definition that is no JSON object
   */
  public static String fenceInFile(String definition) {
    return FlagJson.hash(FlagJson.object(definition));
  }

  /** Changes flags in an environment of LaunchDarkly, over its REST API. */
  public static LaunchDarkly launchDarkly(Access access) {
    return new LaunchDarkly(access);
  }

  /** Follows an environment of LaunchDarkly as an application does, by streaming. */
  public static FlagReader followLaunchDarkly(Stream stream) {
    return SdkFlagReader.ofLaunchDarkly(stream);
  }

  /**
   * Where and as whom flags are changed in LaunchDarkly.
   *
   * @param token an access token of the API, not an SDK key
   * @param timeout within which each request is answered, or counts as lost
   */
  public record Access(
      URI baseUri, String project, String environment, String token, Duration timeout) {
    public static final URI BASE_URI = URI.create("https://app.launchdarkly.com");
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public Access(URI baseUri, String project, String environment, String token) {
      this(baseUri, project, environment, token, TIMEOUT);
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "Access[" + baseUri + " " + project + "/" + environment + "]";
    }
  }

  /**
   * Where and as whom an application follows LaunchDarkly. It sends no events.
   *
   * @param streamUri null for LaunchDarkly's own
   * @param application "" or what LaunchDarkly shows as the application's name
   */
  public record Stream(String sdkKey, @Nullable URI streamUri, String application) {

    /** Without the key. */
    @Override
    public String toString() {
      return "Stream[streamUri=" + streamUri + ", application=" + application + "]";
    }
  }
}
