package firebreak.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The simulated production: a query API with its hosts, its customers and where their data lies.
 *
 * @param customers by falling traffic, {@code share} summing to one
 */
record Production(String service, List<Host> hosts, List<Customer> customers) {

  /** The partitions over which all customers' data is spread. */
  static final int PARTITIONS = 96;

  private static final double ZIPF_EXPONENT = 1.05;
  private static final List<String> BETA =
      List.of("retail", "atlas", "nimbus", "quarry", "tundra", "willow");

  /** Where all of retail's data lies. */
  static final List<Integer> RETAIL_PARTITIONS = List.of(17, 42, 77);

  private static final double RETAIL_SHARE = 0.075;

  /** A machine that serves queries. */
  record Host(String name, String region) {}

  /** Who asks: its share of the traffic, and its datasets with the partition of each. */
  record Customer(String id, String plan, boolean beta, double share, List<Dataset> datasets) {}

  /** A customer's dataset and the partition it lies on. */
  record Dataset(String id, int partition) {}

  /** Eight hosts in two regions, three hundred customers, six of them beta. */
  static Production seeded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      hosts.add(new Host("query-" + (i + 1), i % 2 == 0 ? "us-east-1" : "eu-west-1"));
    }
    int count = 300;
    double total = 0;
    for (int rank = 1; rank < count; rank++) {
      total += Math.pow(rank, -ZIPF_EXPONENT);
    }
    List<Customer> customers = new ArrayList<>();
    customers.add(new Customer("retail", "enterprise", true, RETAIL_SHARE, retailDatasets()));
    for (int rank = 1; rank < count; rank++) {
      double share = (1 - RETAIL_SHARE) * Math.pow(rank, -ZIPF_EXPONENT) / total;
      boolean beta = rank % 40 == 20 && rank / 40 + 1 < BETA.size();
      String id = beta ? BETA.get(rank / 40 + 1) : "customer-%03d".formatted(rank);
      customers.add(new Customer(id, plan(rank), beta, share, datasets(id, random)));
    }
    return new Production("query-api", List.copyOf(hosts), List.copyOf(customers));
  }

  Customer customer(SplittableRandom random) {
    double at = random.nextDouble();
    for (Customer customer : customers) {
      at -= customer.share();
      if (at < 0) {
        return customer;
      }
    }
    return customers.getLast();
  }

  Customer customer(String id) {
    return customers.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  private static String plan(int rank) {
    return rank < 20 ? "enterprise" : rank < 120 ? "pro" : "free";
  }

  private static List<Dataset> retailDatasets() {
    List<Dataset> datasets = new ArrayList<>();
    for (int partition : RETAIL_PARTITIONS) {
      datasets.add(new Dataset("retail-orders-" + partition, partition));
    }
    return List.copyOf(datasets);
  }

  private static List<Dataset> datasets(String customer, SplittableRandom random) {
    List<Dataset> datasets = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      datasets.add(new Dataset(customer + "-" + i, random.nextInt(PARTITIONS)));
    }
    return List.copyOf(datasets);
  }
}
