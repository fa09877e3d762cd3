package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own, mostly our command line, with its output in a file. */
final class Child implements AutoCloseable {
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** The command line, up to the command's name. */
  static final List<String> OURS =
      List.of(
          JAVA,
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx512m",
          "-cp",
          System.getProperty("java.class.path"),
          Main.class.getName());

  private final Process process;
  private final Path output;

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts a command of ours; what it says is added to the file. */
  static Child start(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(OURS);
    command.addAll(List.of(arguments));
    return start(output, new ProcessBuilder(command));
  }

  /** Starts any program; what it says is added to the file. */
  static Child start(Path output, ProcessBuilder program) throws IOException {
    ProcessBuilder.Redirect file = ProcessBuilder.Redirect.appendTo(output.toFile());
    return new Child(program.redirectOutput(file).redirectErrorStream(true).start(), output);
  }

  /** Ends it as a power cut would: it gets no chance to say anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it cannot be killed");
  }

  /**
   * Stops it where it stands, as a paused machine does, until it is {@linkplain #resume let on}.
   */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    Process kill = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start();
    assertTrue(kill.waitFor() == 0, "kill -" + name + " failed");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends its input, which programs take as a word to end themselves. */
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for its end and gives the exit code. */
  int exitCode(long seconds) throws IOException, InterruptedException {
    assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), "still runs\n" + output());
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
