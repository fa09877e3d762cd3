package firebreak.sim;

import firebreak.flags.FlagState;
import firebreak.flags.Flags;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.Notice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A production's flags in the file that its application and the server read. */
final class FleetFlags {
  private final Fleet fleet;
  private final Path file;
  private final Map<String, FlagState> asOf = new LinkedHashMap<>();

  /** What the file calls a flag's state after a change, where it is not told by the change. */
  private final Map<String, String> fences = new HashMap<>();

  FleetFlags(Fleet fleet, Path file) {
    this.fleet = fleet;
    this.file = file;
  }

  /** Puts the flags there as they stand at a time. */
  void put(Instant time) throws IOException {
    Map<String, String> definitions = new LinkedHashMap<>();
    for (FlagState flag : fleet.flags(time)) {
      asOf.put(flag.key(), flag);
      definitions.put(flag.key(), FlagFileEdit.tagged(flag.definition()));
    }
    FlagFileEdit.put(file, definitions);
  }

  /** Makes the changes that have come about until a time, each to the flag as it stands. */
  void advance(Instant time) throws IOException {
    for (FlagState flag : fleet.flags(time)) {
      FlagState before = asOf.put(flag.key(), flag);
      if (before != null && !before.fence().equals(flag.fence())) {
        String changed =
            FlagFileEdit.change(file, flag.key(), before.definition(), flag.definition());
        if (changed != null) {
          fences.put(flag.key() + " " + flag.fence(), Flags.fenceInFile(changed));
        }
      }
    }
  }

  /** What the file called the flag's state after the change that a notice tells of. */
  String fence(Notice notice) {
    return fences.computeIfAbsent(
        notice.subject() + " " + notice.fence(),
        _ -> Flags.fenceInFile(FlagFileEdit.tagged(notice.after())));
  }
}
