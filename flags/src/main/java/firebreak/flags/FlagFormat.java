package firebreak.flags;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Targeting.Edit;
import java.io.IOException;

/** How a flag file says what is served to whom; nothing is read or written here. */
sealed interface FlagFormat permits LaunchDarklyFormat, FlagdFormat {

  /**
   * Looks whether the content of a file is in this format.
   *
   * @throws IOException in one line, where it is not
   */
  void check(ObjectNode root) throws IOException;

  FlagState state(String key, ObjectNode flag);

  /** Which of a document's flags ask others first. */
  Dependents dependents(FlagDocument document);

  /** The flag with the variation taken away from the audience. */
  Edit withdraw(FlagDocument document, ObjectNode flag, Withdrawal withdrawal);

  /** Whether the flag has what the withdrawal does. */
  boolean holds(ObjectNode flag, Withdrawal withdrawal);

  /** The flag with the withdrawal taken back, and what else has changed since kept. */
  Edit restore(ObjectNode now, String before, Withdrawal withdrawal);

  /** The flag with a part of the withdrawal taken back. */
  Edit step(ObjectNode now, Restoration step);
}
