package graduate.export;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes several files of one folder: each whole or not at all, and all or none as far as that
 * goes. Every file is written and forced beside its target before the first is renamed; if a rename
 * fails, the new names that were made before it are taken back.
 */
final class NewFiles {
  private NewFiles() {}

  /**
   * @param stale files to remove once the new ones are there
   */
  static void write(Path folder, Map<String, byte[]> files, List<Path> stale) throws IOException {
    Files.createDirectories(folder);
    Map<Path, Path> targets = new LinkedHashMap<>();
    List<Path> made = new ArrayList<>();
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path beside = folder.resolve("." + file.getKey() + "." + ProcessHandle.current().pid());
        targets.put(beside, folder.resolve(file.getKey()));
        force(beside, file.getValue());
      }
      for (Map.Entry<Path, Path> move : targets.entrySet()) {
        boolean isNew = Files.notExists(move.getValue());
        Files.move(move.getKey(), move.getValue(), ATOMIC_MOVE);
        if (isNew) {
          made.add(move.getValue());
        }
      }
      made.clear();
    } finally {
      for (Path left : made) {
        Files.deleteIfExists(left);
      }
      for (Path beside : targets.keySet()) {
        Files.deleteIfExists(beside);
      }
    }
    for (Path old : stale) {
      Files.deleteIfExists(old);
    }
    try (FileChannel names = FileChannel.open(folder, READ)) {
      names.force(true);
    }
  }

  private static void force(Path file, byte[] bytes) throws IOException {
    try (FileChannel out = FileChannel.open(file, CREATE_NEW, WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
  }
}
