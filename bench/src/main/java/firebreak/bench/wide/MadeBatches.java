package firebreak.bench.wide;

/** Batches made when they are asked for. */
final class MadeBatches implements Batches {
  private final WideEvents events;
  private final int most;
  private final ThreadLocal<WideEvents.Maker> makers;

  MadeBatches(WideEvents events, int most) {
    this.events = events;
    this.most = most;
    this.makers = ThreadLocal.withInitial(events::maker);
  }

  @Override
  public WideEvents events() {
    return events;
  }

  @Override
  public int batches() {
    return Math.toIntExact((events.count() + most - 1) / most);
  }

  @Override
  public int size(int batch) {
    return (int) Math.min(most, events.count() - (long) batch * most);
  }

  @Override
  public byte[] batch(int number) {
    JsonBytes out = new JsonBytes();
    makers.get().batch((long) number * most, size(number), out);
    return out.copy();
  }

  @Override
  public void close() {}
}
