package firebreak.sim.fleet;

import firebreak.sim.fleet.Flag.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What happens in one production, as it is being written: changes, faults, surges. */
final class Script {
  static final List<String> BOOLEAN = List.of("true", "false");

  final World world;
  final SplittableRandom random;
  final Builds builds;
  final Map<String, Flag> flags = new LinkedHashMap<>();
  final List<Notice> notices = new ArrayList<>();
  final List<Fault> faults = new ArrayList<>();
  final List<Surge> surges = new ArrayList<>();
  Telemetry telemetry = Telemetry.SOUND;

  /** Minute 0, in milliseconds of the epoch. */
  final long zero;

  Script(World world, long zero, SplittableRandom random) {
    this.world = world;
    this.zero = zero;
    this.random = random;
    this.builds = new Builds(world.hosts().size(), random);
  }

  long at(double minute) {
    return zero + Math.round(60_000 * minute);
  }

  double uniform(double low, double high) {
    return Dice.uniform(low, high, random);
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  /** Weights of a boolean flag that is true for so many in a hundred. */
  static List<Integer> percent(double percent) {
    int weight = (int) Math.round(percent * Flag.WHOLE / 100);
    return List.of(weight, Flag.WHOLE - weight);
  }

  Flag flag(String key, List<String> variations, boolean byUser, Definition first) {
    Flag flag = new Flag(key, variations, byUser, world, random.nextInt(3, 60), first);
    if (flags.put(key, flag) != null) {
      throw new IllegalArgumentException("there is a flag " + key + " already");
    }
    return flag;
  }

  /** Saves a flag's new definition; returns the id of the change. */
  String change(Flag flag, double minute, Definition definition) {
    int version = flag.version() + 1;
    Notice notice =
        Notice.flag(
            World.SERVICE,
            flag.key(),
            version,
            java.time.Instant.ofEpochMilli(at(minute)),
            flag.json(flag.latest(), version - 1),
            flag.json(definition, version));
    flag.change(at(minute), definition);
    notices.add(notice);
    return notice.id();
  }

  /** Rolls a build out; returns the id of the change. */
  String roll(String build, double minute, double lengthMinutes, boolean canary) {
    long length = Math.round(60_000 * lengthMinutes);
    builds.roll(build, at(minute), length, canary, random);
    return deployed(World.SERVICE, build, minute, lengthMinutes);
  }

  String deployed(String service, String build, double minute, double lengthMinutes) {
    java.time.Instant start = java.time.Instant.ofEpochMilli(at(minute));
    java.time.Instant end = java.time.Instant.ofEpochMilli(at(minute + lengthMinutes));
    Notice started = Notice.deploy(service, build, start, null);
    notices.add(started);
    notices.add(Notice.deploy(service, build, start, end));
    return started.id();
  }

  void fault(double minute, Fault.Exposure exposure, double points) {
    boolean slow = chance(0.5);
    faults.add(new Fault(at(minute), exposure, points, slow, slow ? uniform(1, 1.8) : 1));
  }
}
