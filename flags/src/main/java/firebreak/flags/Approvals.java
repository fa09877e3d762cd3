package firebreak.flags;

/** Requests that people at the flag provider approve what may not be written without them. */
public interface Approvals {

  /** Of a provider that knows no approvals. */
  Approvals NONE =
      new Approvals() {
        private static final Approval.Refused UNKNOWN =
            new Approval.Refused("the flag provider has no approvals");

        @Override
        public Approval ask(Withdrawal withdrawal) {
          return UNKNOWN;
        }

        @Override
        public Approval look(Withdrawal withdrawal, String id) {
          return UNKNOWN;
        }

        @Override
        public Approval takeBack(Withdrawal withdrawal, String id) {
          return UNKNOWN;
        }
      };

  /** Asks for the withdrawal, once however often this is called; nothing is changed. */
  Approval ask(Withdrawal withdrawal);

  /** How the request stands now. */
  Approval look(Withdrawal withdrawal, String id);

  /**
   * Deletes the request unless it is carried out already.
   *
   * @param id empty where it is not known whether there is one
   */
  Approval takeBack(Withdrawal withdrawal, String id);
}
