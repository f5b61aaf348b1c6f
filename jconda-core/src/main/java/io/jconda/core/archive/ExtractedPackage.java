package io.jconda.core.archive;

import io.jconda.IntegrityException;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;

/**
 * Reads a package that another tool has extracted to a folder, by the rules that {@link
 * PackageReader} has for archives.
 */
public final class ExtractedPackage {
  private ExtractedPackage() {}

  /**
   * Tells a visitor of some paths of the folder, in their order. Blocks; writes nothing.
   *
   * @param folder the package's folder
   * @param paths the paths that count
   * @param visitor who is told
   * @param context asked now and then whether to stop
   * @throws IntegrityException if a path, or a link, would leave the folder
   * @throws IOException if a path is not there or cannot be read, or what the visitor threw
   * @throws io.jconda.OperationCancelledException if the operation should stop
   */
  public static void read(
      Path folder, Collection<String> paths, EntryVisitor visitor, OperationContext context)
      throws IOException {
    PathRules rules = new PathRules(folder.toString());
    for (String listed : paths) {
      context.checkpoint();
      String path = rules.clean(listed);
      Path file = folder.resolve(path);
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        String target = Files.readSymbolicLink(file).toString();
        rules.symbolicLink(path, target);
        visitor.symbolicLink(path, target);
      } else if (attributes.isDirectory()) {
        if (rules.directory(path)) {
          visitor.directory(path);
        }
      } else if (attributes.isRegularFile()) {
        rules.file(path);
        try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
          visitor.file(
              new FileEntry(
                  path,
                  attributes.size(),
                  isExecutable(file),
                  attributes.lastModifiedTime().toInstant()),
              content);
        }
      } else {
        throw rules.refuse(path, "is neither a file nor a folder nor a link");
      }
    }
    rules.checkLinks();
  }

  private static boolean isExecutable(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
            .contains(PosixFilePermission.OWNER_EXECUTE);
  }
}
