package firebreak.server;

import firebreak.eventstore.DamagedPartException;
import firebreak.eventstore.DirectoryLockedException;
import firebreak.records.DatabaseLockedException;
import firebreak.records.DatabaseTooNewException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** The service cannot start, for a reason that its operator can mend; the message is one line. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StartFailure(Throwable cause) {
    super(oneLine(cause), cause);
  }

  static StartFailure because(String why) {
    return new StartFailure(new IllegalArgumentException(why));
  }

  /** Runs a step of the start; what the operator can mend comes out as this exception. */
  static <T> T explain(Supplier<T> step) {
    try {
      return step.get();
    } catch (ConfigException
        | DamagedPartException
        | DirectoryLockedException
        | DatabaseLockedException
        | DatabaseTooNewException
        | IllegalArgumentException
        | UncheckedIOException e) {
      throw new StartFailure(e);
    }
  }

  private static String oneLine(Throwable e) {
    Throwable told =
        e instanceof UncheckedIOException io && io.getCause() != null ? io.getCause() : e;
    String message = told.getMessage() == null ? told.toString() : told.getMessage();
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
