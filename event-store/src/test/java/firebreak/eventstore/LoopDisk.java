package firebreak.eventstore;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small disk of its own, in a file, from which the power can be cut. Needs root and Linux. */
final class LoopDisk implements AutoCloseable {
  /** The journal of the file system is written out first, or not even that. */
  enum Cut {
    AFTER_LOG_FLUSH(1),
    AT_ONCE(2);

    private final int flag;

    Cut(int flag) {
      this.flag = flag;
    }
  }

  private static final long FS_IOC_SHUTDOWN = 0x8004587dL;

  private final Path image;
  private final Path root;

  private LoopDisk(Path image, Path root) {
    this.image = image;
    this.root = root;
  }

  /** Why there can be no such disk here; empty when there can. */
  static String missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "not root";
    }
    if (!Files.exists(Path.of("/dev/loop-control"))) {
      return "no loop devices";
    }
    try {
      return run(List.of("mkfs.ext4", "-V")) == 0 ? "" : "no mkfs.ext4";
    } catch (IOException e) {
      return "no mkfs.ext4";
    }
  }

  /** Makes a disk of so many megabytes and mounts it below the directory. */
  static LoopDisk create(Path directory, int megabytes) throws IOException {
    Path image = directory.resolve("disk.img");
    try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(megabytes * 1024L * 1024L);
    }
    must("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    LoopDisk disk = new LoopDisk(image, Files.createDirectories(directory.resolve("disk")));
    disk.mount();
    return disk;
  }

  /** Where its files are. */
  Path root() {
    return root;
  }

  void mount() throws IOException {
    must("mount", "-o", "loop", image.toString(), root.toString());
  }

  /** From now on nothing more reaches the disk. */
  void cutPower(Cut cut) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      shutDown(arena, cut.flag);
    }
  }

  @SuppressWarnings("restricted")
  private void shutDown(Arena arena, int flag) throws IOException {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = linker.defaultLookup();
    MethodHandle open =
        linker.downcallHandle(
            symbols.findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    MethodHandle control =
        linker.downcallHandle(
            symbols.findOrThrow("ioctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    MethodHandle close =
        linker.downcallHandle(
            symbols.findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    MemorySegment how = arena.allocateFrom(ValueLayout.JAVA_INT, flag);
    try {
      int file = (int) open.invokeExact(arena.allocateFrom(root.toString()), 0);
      int answer = (int) control.invokeExact(file, FS_IOC_SHUTDOWN, how);
      int _ = (int) close.invokeExact(file);
      if (answer != 0) {
        throw new IOException("the file system at " + root + " cannot be shut down");
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /** Takes the disk away; those who used it must be gone, or about to go. */
  void unmount() throws IOException {
    for (int left = 100; run(List.of("umount", root.toString())) != 0; left--) {
      if (left == 0) {
        throw new IOException(root + " stays busy");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    unmount();
    Files.delete(image);
  }

  static void must(String... command) throws IOException {
    int code = run(List.of(command));
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code);
    }
  }

  private static int run(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
