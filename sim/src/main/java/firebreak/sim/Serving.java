package firebreak.sim;

import firebreak.sim.Production.Customer;

/** What a flag serves a customer at this moment. */
@FunctionalInterface
interface Serving {
  String variation(String flag, Customer customer);
}
