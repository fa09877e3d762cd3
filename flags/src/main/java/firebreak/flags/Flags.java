package firebreak.flags;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens flags where they are kept: in a file, or in LaunchDarkly. */
public final class Flags {

  private Flags() {}

  /**
   * Changes flags in a file of LaunchDarkly's file-data format, in JSON.
   *
   * @throws IllegalArgumentException in one line with the path and the cause, when the file cannot
   *     be read or is not such a file
   */
  public static FlagSwitch file(Path path) {
    FlagFile.check(path);
    return new FlagFile(path);
  }

  /**
   * Follows the flags of a file as an application does, through LaunchDarkly's SDK. Nothing is sent
   * anywhere.
   *
   * @throws IllegalArgumentException as {@link #file}
   */
  public static FlagReader followFile(Path path) {
    FlagFile.check(path);
    return SdkFlagReader.ofFile(path);
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
