package firebreak.eventstore;

import java.time.Duration;

/**
 * What a test sets differently.
 *
 * @param journalFileBytes when a journal file is full and the next one is begun
 * @param commitInterval how often the index is committed; what came since is replayed after a crash
 */
record StoreSettings(
    firebreak.eventstore.journal.JournalDisk disk,
    int journalFileBytes,
    Duration commitInterval,
    Duration queryTime) {
  static final StoreSettings DEFAULT =
      new StoreSettings(
          firebreak.eventstore.journal.JournalDisk.FILES,
          64 * 1024 * 1024,
          Duration.ofSeconds(30),
          Limits.QUERY_TIME);
}
