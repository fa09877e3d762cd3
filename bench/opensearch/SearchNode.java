import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** One OpenSearch node on the loopback: {@code SearchNode FOLDER PORT}; ends with its input. */
final class SearchNode extends Node {
  private SearchNode(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "bench"),
        List.of(
            new PluginInfo(
                "netty4",
                "HTTP",
                "classpath",
                Version.CURRENT,
                "25",
                "org.opensearch.transport.Netty4ModulePlugin",
                null,
                List.of(),
                false)),
        true);
  }

  public static void main(String[] arguments) throws Exception {
    Settings settings =
        Settings.builder()
            .put("path.home", Path.of(arguments[0]).toString())
            .put("node.name", "bench")
            .put("cluster.name", "bench")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[1])
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("node.processors", 2)
            .build();
    try (SearchNode node = new SearchNode(settings)) {
      node.start();
      System.out.println("ready");
      while (System.in.read() >= 0) {}
    }
  }
}
