package firebreak.eventstore;

final class InMemoryEventStoreTest extends EventStoreContract {
  @Override
  EventStore open() {
    return EventStore.inMemory();
  }
}
