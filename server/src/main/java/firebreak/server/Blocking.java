package firebreak.server;

import firebreak.eventstore.WithdrawnException;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * The one bridge from the event loop to code that blocks: takes a permit or turns the request down,
 * runs on an executor of its own, answers on the request's context.
 */
final class Blocking implements AutoCloseable {
  private final String name;
  private final ExecutorService executor;
  private final Semaphore permits;

  private Blocking(String name, ExecutorService executor, int permits) {
    this.name = name;
    this.executor = executor;
    this.permits = new Semaphore(permits);
  }

  /** For work that computes: as many threads as cores, the rest waits its turn. */
  static Blocking computing(String name, int permits) {
    int cores = Runtime.getRuntime().availableProcessors();
    var threads = Thread.ofPlatform().name(name + "-", 0).daemon().factory();
    return new Blocking(name, Executors.newFixedThreadPool(cores, threads), permits);
  }

  /** For work that waits, for a disk or a vendor: a virtual thread for each. */
  static Blocking waiting(String name, int permits) {
    var threads = Thread.ofVirtual().name(name + "-", 0).factory();
    return new Blocking(name, Executors.newThreadPerTaskExecutor(threads), permits);
  }

  /** Blocking work that answers a request; what it throws goes to {@link Problem}. */
  @FunctionalInterface
  interface Work {
    Answer answer(RoutingContext ctx) throws Exception;
  }

  Handler<RoutingContext> handler(Work work) {
    return ctx -> {
      Client.watch(ctx);
      run(ctx, ctx.vertx().getOrCreateContext(), work, () -> {});
    };
  }

  /**
   * Runs it for a request, from any thread.
   *
   * @param context the request's
   * @param after runs when it has ended or was turned down, once
   */
  void run(RoutingContext ctx, Context context, Work work, Runnable after) {
    if (!permits.tryAcquire()) {
      fail(ctx, context, "too many " + name + " requests at a time; come again");
      after.run();
      return;
    }
    try {
      executor.execute(() -> answer(ctx, work, context, after));
    } catch (RejectedExecutionException e) {
      permits.release();
      fail(ctx, context, "the server is stopping");
      after.run();
    }
  }

  private static void fail(RoutingContext ctx, Context context, String why) {
    context.runOnContext(_ -> ctx.fail(Refusal.overloaded(why)));
  }

  private void answer(RoutingContext ctx, Work work, Context context, Runnable after) {
    try {
      Answer answer = work.answer(ctx);
      context.runOnContext(_ -> answer.send(ctx));
    } catch (WithdrawnException _) {
      // Its client has gone: there is nobody to answer.
    } catch (Throwable e) {
      context.runOnContext(_ -> ctx.fail(e));
    } finally {
      permits.release();
      after.run();
    }
  }

  /** Takes no more work and waits for what runs. */
  @Override
  public void close() {
    executor.close();
  }
}
