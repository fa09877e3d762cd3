package firebreak.bench.guard;

/** What goes wrong in a service, if anything. */
enum Fault {
  /** What a flag gives fails for everybody whom it reaches, a part of the time. */
  FLAG("flag"),
  /** What a flag gives fails for one to three customers. */
  FLAG_FEW("flag, few customers"),
  /** A backend fails a part of all requests, whoever makes them. */
  BACKEND("backend"),
  /** The units of one region fail. */
  REGION("region"),
  /** One in twenty units fails, for a reason of its own. */
  SOME_CUSTOMERS("5 % of customers"),
  /** One large customer fails. */
  CUSTOMER("one customer"),
  /** The same, within two minutes of an innocent flag's change. */
  COINCIDENCE("one customer, just after a flag changed"),
  /** As {@link #FLAG}, told by a sender who is not trusted. */
  FORGED("forged telemetry"),
  /** As {@link #FLAG}, and from then on no telemetry comes in at all. */
  SILENT("no telemetry"),
  NONE("healthy");

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Whether turning the flag is the answer. */
  boolean isTheFlag() {
    return switch (this) {
      case FLAG, FLAG_FEW -> true;
      case BACKEND, REGION, SOME_CUSTOMERS, CUSTOMER, COINCIDENCE, FORGED, SILENT, NONE -> false;
    };
  }

  /** Whether a flag that is turned all the same is a wrong one; else no flag may be turned. */
  boolean isUnrelated() {
    return switch (this) {
      case BACKEND, REGION, SOME_CUSTOMERS, CUSTOMER, COINCIDENCE -> true;
      case FLAG, FLAG_FEW, FORGED, SILENT, NONE -> false;
    };
  }
}
