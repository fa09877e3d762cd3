package firebreak.flags;

import com.launchdarkly.sdk.EvaluationDetail;
import com.launchdarkly.sdk.EvaluationReason;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.FileData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Flags as LaunchDarkly's own SDK serves them. It sends no events and no diagnostics. */
final class SdkFlagReader implements FlagReader {
  static final Duration START_WAIT = Duration.ofSeconds(5);

  private final LDClient client;
  private final Predicate<String> isChanged;

  private SdkFlagReader(LDClient client, Predicate<String> isChanged) {
    this.client = client;
    this.isChanged = isChanged;
  }

  static SdkFlagReader ofFile(Path path) {
    FileChanges changes = new FileChanges(path, new LaunchDarklyFormat());
    LDConfig config =
        silent()
            .dataSource(FileData.dataSource().filePaths(path.toAbsolutePath()).autoUpdate(true))
            .build();
    return new SdkFlagReader(new LDClient("a file needs no key", config), changes::isNew);
  }

  static SdkFlagReader ofLaunchDarkly(Flags.Stream stream) {
    LDConfig.Builder config = silent().dataSource(Components.streamingDataSource());
    if (stream.streamUri() != null) {
      config.serviceEndpoints(
          Components.serviceEndpoints()
              .streaming(stream.streamUri())
              .polling(stream.streamUri())
              .events(stream.streamUri()));
    }
    if (!stream.application().isEmpty()) {
      config.applicationInfo(Components.applicationInfo().applicationId(stream.application()));
    }
    return new SdkFlagReader(new LDClient(stream.sdkKey(), config.build()), _ -> true);
  }

  private static LDConfig.Builder silent() {
    return new LDConfig.Builder()
        .events(Components.noEvents())
        .diagnosticOptOut(true)
        .startWait(START_WAIT);
  }

  @Override
  public Served serve(String flag, Map<String, String> keys, Map<String, String> attributes) {
    EvaluationDetail<LDValue> detail =
        client.jsonValueVariationDetail(
            flag, FlagRules.context(keys, attributes), LDValue.ofNull());
    EvaluationReason reason = detail.getReason();
    String name =
        reason.getKind() == EvaluationReason.Kind.ERROR && reason.getErrorKind() != null
            ? reason.getErrorKind().name()
            : reason.getKind().name();
    return new Served(FlagJson.text(detail.getValue()), name);
  }

  @Override
  public void onChange(Consumer<String> listener) {
    client
        .getFlagTracker()
        .addFlagChangeListener(
            change -> {
              if (isChanged.test(change.getKey())) {
                listener.accept(change.getKey());
              }
            });
  }

  @Override
  public boolean isReady() {
    return client.isInitialized();
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
