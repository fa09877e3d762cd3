package firebreak.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of the tests' own, in a temporary folder, from the programs that this machine
 * has. The superuser has nobody run it, since it refuses to be run by him.
 */
public final class Postgres implements AutoCloseable {
  private static final String USER = "firebreak";
  private static final Duration START_TIME = Duration.ofSeconds(60);
  private static final String SUPERUSER = "root";
  private static final String OTHER = "nobody";

  private final Path programs;
  private final Path folder;
  private final int port;
  private @Nullable Process process;
  private int databases;

  private Postgres(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Starts one; empty where this machine has none, which is said aloud. */
  public static Optional<Postgres> start() {
    Optional<Path> programs = programs();
    if (programs.isEmpty()) {
      System.err.println(
          "SKIPPED: records on PostgreSQL are NOT tested, since pg_config names no initdb here");
      return Optional.empty();
    }
    try {
      Path folder = Files.createTempDirectory("firebreak-postgres");
      if (isSuperuser()) {
        Files.setOwner(
            folder,
            folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OTHER));
      }
      Postgres postgres = new Postgres(programs.get(), folder, freePort());
      postgres.run("initdb", "-D", postgres.data(), "-U", USER, "-A", "trust", "-E", "UTF8");
      postgres.resume();
      return Optional.of(postgres);
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL is here and does not start", e);
    }
  }

  private static Optional<Path> programs() {
    try {
      Process config = new ProcessBuilder("pg_config", "--bindir").start();
      String folder =
          new String(config.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      Path programs = Path.of(folder);
      return Files.isExecutable(programs.resolve("initdb")) && !folder.isEmpty()
          ? Optional.of(programs)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isSuperuser() {
    return SUPERUSER.equals(System.getProperty("user.name"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private ProcessBuilder command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isSuperuser()) {
      command.addAll(List.of("setpriv", "--reuid", OTHER, "--clear-groups", "--regid", "nogroup"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    return builder.redirectErrorStream(true);
  }

  private void run(String program, String... arguments) throws IOException {
    Process running = command(program, arguments).start();
    String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (running.waitFor() != 0) {
        throw new IOException(program + " failed: " + output);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs the server, and waits until it answers; what a killed one left may take a moment. */
  void resume() throws IOException {
    long deadline = System.nanoTime() + START_TIME.toNanos();
    Process running = runServer();
    while (!answers()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("no answer: " + Files.readString(folder.resolve("log")));
      }
      if (!running.isAlive()) {
        running = runServer();
      }
    }
  }

  private Process runServer() throws IOException {
    Process running =
        command(
                "postgres",
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=" + folder)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    process = running;
    return running;
  }

  private boolean answers() {
    try {
      execute("postgres", "SELECT 1");
      return true;
    } catch (SQLException e) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      return false;
    }
  }

  /** Ends the server as a power cut would, with those of its processes that serve connections. */
  void kill() {
    Process running = process;
    if (running != null) {
      List<ProcessHandle> all = new ArrayList<>(List.of(running.toHandle()));
      running.descendants().forEach(all::add);
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(each -> each.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }
  }

  /** The address of a fresh database. */
  public String freshDatabase() {
    databases++;
    String name = "records" + databases;
    try {
      execute("postgres", "CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port, database, USER);
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(database));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
