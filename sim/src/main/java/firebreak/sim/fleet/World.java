package firebreak.sim.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Who asks what of which machines, from a seed: 12 to 60 hosts in three to five regions, 8 to 40
 * endpoints, 300 to 20,000 customers, all of very unequal weight.
 *
 * @param badShare of requests that fail for no reason in particular, on average
 */
record World(
    List<Host> hosts,
    List<List<Integer>> hostsByRegion,
    List<Endpoint> endpoints,
    List<Customer> customers,
    AliasTable endpointTable,
    AliasTable customerTable,
    double badShare) {

  static final String SERVICE = "orders-api";
  static final int PARTITIONS = 96;
  static final int PARTITIONS_EACH = 3;
  static final int USERS_AT_MOST = 8;

  private static final double ZIPF = 1.05;
  private static final List<String> REGIONS =
      List.of("us-east-1", "eu-west-1", "ap-south-1", "us-west-2", "sa-east-1");
  private static final List<String> VERBS = List.of("list", "get", "create", "update", "search");
  private static final List<String> NOUNS =
      List.of("orders", "carts", "invoices", "items", "refunds", "quotes", "stock", "labels");

  /** A machine; the effects multiply its latency and its share of failures. */
  record Host(String name, int region, String regionName, String zone, double slow, double bad) {}

  /** A route; latency is log-normal with this median and spread. */
  record Endpoint(String name, String method, double medianMs, double spread, double bad) {}

  /** Who asks, what it asks from, and its share of the traffic. */
  record Customer(
      int index,
      String id,
      String plan,
      String platform,
      String sdk,
      String app,
      boolean beta,
      int homeRegion,
      int users,
      double share,
      double slow,
      double bad) {

    int partition(int which) {
      return (int) Math.floorMod(Dice.mix(index, which), (long) PARTITIONS);
    }
  }

  static World seeded(long seed) {
    SplittableRandom random = Dice.of(seed, 1);
    int regions = random.nextInt(3, 6);
    List<Host> hosts = hosts(regions, random);
    List<List<Integer>> byRegion = new ArrayList<>();
    for (int region = 0; region < regions; region++) {
      int wanted = region;
      byRegion.add(
          IntStream.range(0, hosts.size())
              .filter(i -> hosts.get(i).region() == wanted)
              .boxed()
              .toList());
    }
    List<Endpoint> endpoints = endpoints(random);
    List<Customer> customers = customers(regions, random);
    return new World(
        hosts,
        byRegion,
        endpoints,
        customers,
        new AliasTable(zipf(endpoints.size(), 1)),
        new AliasTable(customers.stream().mapToDouble(Customer::share).toArray()),
        Dice.logUniform(0.00005, 0.0003, random));
  }

  private static List<Host> hosts(int regions, SplittableRandom random) {
    int count = random.nextInt(12, 61);
    int[] zones = IntStream.range(0, regions).map(_ -> random.nextInt(2, 5)).toArray();
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int region = i < regions ? i : random.nextInt(regions);
      String name = REGIONS.get(region);
      String zone = name + (char) ('a' + i % zones[region]);
      hosts.add(
          new Host(
              "orders-%02d".formatted(i),
              region,
              name,
              zone,
              effect(0.1, random),
              effect(0.4, random)));
    }
    return List.copyOf(hosts);
  }

  private static List<Endpoint> endpoints(SplittableRandom random) {
    int count = random.nextInt(8, 41);
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String verb = VERBS.get(i % VERBS.size());
      String noun = NOUNS.get(i / VERBS.size() % NOUNS.size());
      endpoints.add(
          new Endpoint(
              "/v1/" + noun + "/" + verb,
              i % VERBS.size() < 2 ? "GET" : "POST",
              Dice.logUniform(15, 250, random),
              Dice.uniform(0.35, 0.8, random),
              effect(0.7, random)));
    }
    return List.copyOf(endpoints);
  }

  private static List<Customer> customers(int regions, SplittableRandom random) {
    int count = (int) Dice.logUniform(300, 20_000, random);
    double[] weights = zipf(count, ZIPF);
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    List<Customer> customers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      double rank = i / (double) count;
      String platform = Dice.pick(random, "web", "web", "server", "server", "ios", "android");
      customers.add(
          new Customer(
              i,
              "c-" + Long.toString(Dice.mix(random.nextLong(), i) & 0xFFFFFFFFFFL, 36),
              plan(rank + 0.15 * random.nextGaussian()),
              platform,
              "sdk-" + Dice.pick(random, "3.1", "3.2", "3.2", "4.0", "4.0", "4.1"),
              platform.equals("ios") || platform.equals("android")
                  ? "app-" + Dice.pick(random, "7.4", "7.5", "7.5", "8.0")
                  : "app-none",
              random.nextDouble() < 0.03,
              random.nextInt(regions),
              random.nextInt(1, USERS_AT_MOST + 1),
              weights[i] / total,
              effect(0.25, random),
              effect(0.8, random)));
    }
    return List.copyOf(customers);
  }

  private static String plan(double rank) {
    return rank < 0.1 ? "enterprise" : rank < 0.45 ? "pro" : "free";
  }

  /** A random effect: log-normal, one on average. */
  private static double effect(double spread, SplittableRandom random) {
    return Math.exp(spread * random.nextGaussian() - spread * spread / 2);
  }

  private static double[] zipf(int count, double exponent) {
    return IntStream.range(0, count).mapToDouble(i -> Math.pow(i + 1.0, -exponent)).toArray();
  }

  /** Draws among the customers that match, by their own weight. */
  AliasTable among(Predicate<Customer> wanted) {
    return new AliasTable(
        customers.stream().mapToDouble(c -> wanted.test(c) ? c.share() : 0).toArray());
  }

  double share(Predicate<Customer> wanted) {
    return customers.stream().filter(wanted).mapToDouble(Customer::share).sum();
  }

  /** The same world with other customers' traits. */
  World with(List<Customer> others) {
    return new World(
        hosts, hostsByRegion, endpoints, others, endpointTable, customerTable, badShare);
  }
}
