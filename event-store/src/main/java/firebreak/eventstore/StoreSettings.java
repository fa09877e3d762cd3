package firebreak.eventstore;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a store on disk behaves. Start from {@link #defaults} and change what should differ.
 *
 * @param sealRows when a dataset's rows in memory are written to part files, by their number
 * @param sealBytes the same by the memory they take
 * @param sealAge the same by the time since the first of them came
 * @param journalBytes when all rows in memory are written, by the size of the journal
 * @param journalFileBytes when a journal file is full and the next one is begun
 * @param checkInterval how often the store looks whether there is something to write
 * @param memoryBytes how much memory rows that are not yet in part files may take
 * @param mergeParts how many neighbouring small parts are merged into one
 * @param mergedRows how many rows a merged part may have
 * @param cacheBytes how much memory decoded columns may take
 * @param queryTime how long a question may take
 * @param freeBytes appends are refused while the disk has less room than this
 * @param lookupFields the fields of which exact values are looked up, so that each value leads to
 *     the parts that hold it
 * @param durability how safe events are when they are acknowledged
 * @param durabilityOf the same for datasets where it differs
 * @param scrubBytesPerSecond how fast checksums are verified in the background
 */
public record StoreSettings(
    int sealRows,
    long sealBytes,
    Duration sealAge,
    long journalBytes,
    int journalFileBytes,
    Duration checkInterval,
    long memoryBytes,
    int mergeParts,
    int mergedRows,
    long cacheBytes,
    Duration queryTime,
    long freeBytes,
    Set<String> lookupFields,
    Durability durability,
    Map<String, Durability> durabilityOf,
    long scrubBytesPerSecond) {
  private static final int MIB = 1 << 20;

  public StoreSettings {
    require(sealRows > 0 && sealBytes > 0, "a store seals after at least one row and one byte");
    require(mergeParts > 1, "at least two parts are merged into one");
    require(
        journalFileBytes > 0 && journalBytes > 0 && memoryBytes > 0 && scrubBytesPerSecond > 0,
        "sizes and speeds of a store are greater than zero");
    require(cacheBytes >= 0 && freeBytes >= 0, "sizes are not below zero");
    require(checkInterval.toMillis() > 0, "the check interval is at least a millisecond");
    lookupFields = Set.copyOf(lookupFields);
    durabilityOf = Map.copyOf(durabilityOf);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** What suits a server that has this machine to itself: memory by the size of the heap. */
  public static StoreSettings defaults() {
    long heap = Runtime.getRuntime().maxMemory();
    return new StoreSettings(
        1_000_000,
        Math.clamp(heap / 10, 16L * MIB, 512L * MIB),
        Duration.ofHours(1),
        128L * MIB,
        32 * MIB,
        Duration.ofSeconds(5),
        heap / 10 * 3,
        8,
        2_000_000,
        heap / 4,
        Limits.QUERY_TIME,
        256L * MIB,
        Set.of(Traces.TRACE_ID),
        Durability.DURABLE,
        Map.of(),
        32L * MIB);
  }

  Durability durabilityFor(String dataset) {
    return durabilityOf.getOrDefault(dataset, durability);
  }

  public StoreSettings withDurability(String dataset, Durability mode) {
    Map<String, Durability> changed = new HashMap<>(durabilityOf);
    changed.put(dataset, mode);
    return with(change -> change.durabilityOf = changed);
  }

  public StoreSettings withDurability(Durability mode) {
    return with(change -> change.durability = mode);
  }

  public StoreSettings withSealRows(int rows) {
    return with(change -> change.sealRows = rows);
  }

  public StoreSettings withSealBytes(long bytes) {
    return with(change -> change.sealBytes = bytes);
  }

  public StoreSettings withSealAge(Duration age) {
    return with(change -> change.sealAge = age);
  }

  public StoreSettings withJournalBytes(long bytes) {
    return with(change -> change.journalBytes = bytes);
  }

  public StoreSettings withJournalFileBytes(int bytes) {
    return with(change -> change.journalFileBytes = bytes);
  }

  public StoreSettings withCheckInterval(Duration interval) {
    return with(change -> change.checkInterval = interval);
  }

  public StoreSettings withMemoryBytes(long bytes) {
    return with(change -> change.memoryBytes = bytes);
  }

  /** Merges so many parts at a time into ones of at most so many rows. */
  public StoreSettings withMerging(int parts, int rows) {
    return with(
        change -> {
          change.mergeParts = parts;
          change.mergedRows = rows;
        });
  }

  public StoreSettings withCacheBytes(long bytes) {
    return with(change -> change.cacheBytes = bytes);
  }

  public StoreSettings withQueryTime(Duration time) {
    return with(change -> change.queryTime = time);
  }

  public StoreSettings withFreeBytes(long bytes) {
    return with(change -> change.freeBytes = bytes);
  }

  public StoreSettings withLookupFields(Set<String> fields) {
    return with(change -> change.lookupFields = fields);
  }

  public StoreSettings withScrubBytesPerSecond(long bytes) {
    return with(change -> change.scrubBytesPerSecond = bytes);
  }

  private StoreSettings with(java.util.function.Consumer<Change> edit) {
    Change change = new Change(this);
    edit.accept(change);
    return change.settings();
  }

  /** Settings on their way to others. */
  private static final class Change {
    private int sealRows;
    private long sealBytes;
    private Duration sealAge;
    private long journalBytes;
    private int journalFileBytes;
    private Duration checkInterval;
    private long memoryBytes;
    private int mergeParts;
    private int mergedRows;
    private long cacheBytes;
    private Duration queryTime;
    private long freeBytes;
    private Set<String> lookupFields;
    private Durability durability;
    private Map<String, Durability> durabilityOf;
    private long scrubBytesPerSecond;

    Change(StoreSettings from) {
      sealRows = from.sealRows;
      sealBytes = from.sealBytes;
      sealAge = from.sealAge;
      journalBytes = from.journalBytes;
      journalFileBytes = from.journalFileBytes;
      checkInterval = from.checkInterval;
      memoryBytes = from.memoryBytes;
      mergeParts = from.mergeParts;
      mergedRows = from.mergedRows;
      cacheBytes = from.cacheBytes;
      queryTime = from.queryTime;
      freeBytes = from.freeBytes;
      lookupFields = from.lookupFields;
      durability = from.durability;
      durabilityOf = from.durabilityOf;
      scrubBytesPerSecond = from.scrubBytesPerSecond;
    }

    StoreSettings settings() {
      return new StoreSettings(
          sealRows,
          sealBytes,
          sealAge,
          journalBytes,
          journalFileBytes,
          checkInterval,
          memoryBytes,
          mergeParts,
          mergedRows,
          cacheBytes,
          queryTime,
          freeBytes,
          lookupFields,
          durability,
          durabilityOf,
          scrubBytesPerSecond);
    }
  }
}
