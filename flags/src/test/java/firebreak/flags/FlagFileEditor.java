package firebreak.flags;

import java.nio.file.Path;

/** Another process that changes the same flag file: one customer after another is turned off. */
final class FlagFileEditor {

  /** On a busy machine a lock is not always had in time; nothing was written then. */
  private static final int UNAVAILABLE_AT_MOST = 20;

  private FlagFileEditor() {}

  /** Takes the file, a name for the customers, and how many. */
  public static void main(String[] arguments) {
    edit(Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[2]));
  }

  /** How often somebody else was faster. */
  static int edit(Path path, String name, int customers) {
    FlagSwitch flags = Flags.file(path);
    int superseded = 0;
    int tries = 0;
    for (int done = 0; done < customers; ) {
      Audience audience = FlagFixtures.customers(name + "-" + done);
      String fence = FlagFixtures.fence(flags, "short-cache");
      switch (flags.apply(FlagFixtures.shortCacheOff(audience, fence))) {
        case Outcome.Applied _ -> done++;
        case Outcome.Superseded _ -> superseded++;
        case Outcome outcome -> {
          if (!(outcome instanceof Outcome.Unavailable) || ++tries > UNAVAILABLE_AT_MOST) {
            throw new IllegalStateException(outcome.toString());
          }
        }
      }
    }
    return superseded;
  }
}
