package firebreak.sim.fleet;

import java.util.Map;

/** What a production's flags serve at the moment of asking, from wherever they are kept. */
@FunctionalInterface
public interface LiveFlags {

  /**
   * The variation that someone is served.
   *
   * @param keys of someone who is several kinds of context at once, by kind
   * @param attributes of each of them
   * @return empty where there is no such flag
   */
  String variation(String flag, Map<String, String> keys, Map<String, String> attributes);
}
