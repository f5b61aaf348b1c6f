package io.jconda.core.prefix;

import io.jconda.core.host.DiskFailure;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the history of a prefix, {@code conda-meta/history}, as it was when it was read. Immutable.
 */
public final class History {
  private static final String CONDA_CHANNELS = "https://conda.anaconda.org/";
  private static final Set<String> DEFAULTS =
      Set.of(
          "https://repo.anaconda.com/pkgs/main",
          "https://repo.anaconda.com/pkgs/r",
          "https://repo.anaconda.com/pkgs/msys2",
          "https://repo.anaconda.com/pkgs/free",
          "https://repo.anaconda.com/pkgs/pro");

  private final String text;
  private final List<Revision> revisions;

  private History(String text) {
    this(text, parse(text));
  }

  private History(String text, List<Revision> revisions) {
    this.text = text;
    this.revisions = List.copyOf(revisions);
  }

  /** Returns where the history of a prefix lies. */
  public static Path file(Path prefix) {
    return PrefixRecords.metaFolder(prefix).resolve("history");
  }

  /** Reads the history of a prefix; blocks. One that is not there is empty. */
  public static History read(Path prefix) {
    Path file = file(prefix);
    try {
      return new History(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return empty();
    } catch (IOException e) {
      throw DiskFailure.explain("read the history of the environment", file, e);
    }
  }

  /** Returns a history with no block. */
  public static History empty() {
    return new History("", List.of());
  }

  /** Returns the blocks, oldest first; their places in the list are the revision numbers. */
  public List<Revision> revisions() {
    return revisions;
  }

  /** Returns a history with one more block; what is there already stays as it is, byte for byte. */
  public History with(Revision revision) {
    String gap = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    List<Revision> more = new ArrayList<>(revisions);
    more.add(revision);
    return new History(text + gap + revision.toText(), more);
  }

  /** Returns the content of the file. */
  public String toText() {
    return text;
  }

  /**
   * Replays the blocks to the specs that were asked for and are still in force (conda: {@code
   * history.get_requested_specs_map}).
   *
   * @param installed the names of the packages that are there; a spec for any other is dropped
   * @return the text of one spec for each name, in the order in which they were asked for
   */
  public Map<String, String> requestedSpecs(Set<String> installed) {
    Map<String, String> specs = new LinkedHashMap<>();
    for (Revision revision : revisions) {
      if (revision.command().isEmpty()) {
        continue;
      }
      revision.removeSpecs().forEach(spec -> specs.remove(nameOf(spec)));
      revision.updateSpecs().forEach(spec -> specs.put(nameOf(spec), spec));
      revision.neuteredSpecs().forEach(spec -> specs.put(nameOf(spec), spec));
    }
    specs.keySet().retainAll(installed);
    return specs;
  }

  /**
   * Returns the specs that were asked for and are still in force; what the records say where the
   * history says nothing at all, as with pixi, which leaves it empty.
   *
   * @param installed what is there
   * @return the text of one spec for each name
   */
  public Map<String, String> requestedSpecs(PrefixRecords installed) {
    if (!revisions.isEmpty()) {
      Set<String> names = new HashSet<>();
      installed.packages().forEach(one -> names.add(one.record().name()));
      return requestedSpecs(names);
    }
    Map<String, String> specs = new LinkedHashMap<>();
    for (InstalledPackage one : installed.packages()) {
      if (!one.requestedSpecs().isEmpty()) {
        specs.put(one.record().name(), RequestedSpecs.merged(one.requestedSpecs()));
      }
    }
    return specs;
  }

  /**
   * Returns the history as it was after one of its blocks.
   *
   * @param revision the block's place in {@link #revisions()}
   */
  public History upTo(int revision) {
    StringBuilder earlier = new StringBuilder();
    revisions.subList(0, revision + 1).forEach(block -> earlier.append(block.toText()));
    return new History(earlier.toString(), revisions.subList(0, revision + 1));
  }

  /**
   * Replays the blocks to what was installed after the last of them (conda: {@code
   * history.construct_states}).
   *
   * @return {@code channel/subdir::name-version-build} by name
   */
  public Map<String, String> state() {
    Map<String, String> state = new LinkedHashMap<>();
    for (Revision revision : revisions) {
      if (revision.isFullState()) {
        state.clear();
        revision.distributions().forEach(dist -> state.put(packageName(dist), dist));
        continue;
      }
      for (String line : revision.distributions()) {
        if (line.startsWith("-")) {
          state.remove(packageName(line.substring(1)));
        }
      }
      for (String line : revision.distributions()) {
        if (line.startsWith("+")) {
          state.put(packageName(line.substring(1)), line.substring(1));
        }
      }
    }
    return state;
  }

  /**
   * Returns the name of a package that is written as {@code channel/subdir::name-version-build}.
   */
  private static String packageName(String distribution) {
    String dist = nameVersionBuild(distribution);
    int build = dist.lastIndexOf('-');
    int version = build < 0 ? -1 : dist.lastIndexOf('-', build - 1);
    return version < 0 ? dist : dist.substring(0, version);
  }

  /** Returns what stands behind the channel, without the ending that old histories have. */
  public static String nameVersionBuild(String distribution) {
    String dist =
        distribution.substring(
            distribution.lastIndexOf("::") < 0 ? 0 : distribution.lastIndexOf("::") + 2);
    for (String ending : List.of(".tar.bz2", ".conda")) {
      if (dist.endsWith(ending)) {
        return dist.substring(0, dist.length() - ending.length());
      }
    }
    return dist;
  }

  /**
   * Returns a package as a block of the history names it: {@code
   * channel/subdir::name-version-build}.
   */
  public static String distribution(PackageRecord record) {
    String subdir = record.subdir().isEmpty() ? "" : "/" + record.subdir();
    return channelName(record) + subdir + "::" + record.distName();
  }

  /** conda compares these lines with its own canonical names, and takes others for a change. */
  private static String channelName(PackageRecord record) {
    String channel = record.channel();
    if (channel.startsWith(CONDA_CHANNELS)) {
      return channel.substring(CONDA_CHANNELS.length());
    }
    return DEFAULTS.contains(channel) ? "defaults" : channel;
  }

  // ---- parsing

  private static List<Revision> parse(String text) {
    List<Revision> revisions = new ArrayList<>();
    Block block = null;
    for (String raw : text.split("\\R", -1)) {
      String line = raw.strip();
      Matcher head = Block.HEAD.matcher(line);
      if (head.matches()) {
        if (block != null) {
          revisions.add(block.toRevision());
        }
        block = new Block(head.group(1));
      } else if (block != null && !line.isEmpty()) {
        block.add(line);
      }
    }
    if (block != null) {
      revisions.add(block.toRevision());
    }
    return revisions;
  }

  /** Collects the lines of one block. */
  private static final class Block {
    private static final Pattern HEAD = Pattern.compile("==>\\s*(.+?)\\s*<==.*");
    private static final Pattern COMMAND = Pattern.compile("#\\s*cmd:\\s*(.+)");
    private static final Pattern SPECS = Pattern.compile("#\\s*(\\w+)\\s*specs:\\s*(.*)");
    private static final Pattern QUOTED =
        Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final String time;
    private String command = "";
    private final List<String> distributions = new ArrayList<>();
    private List<String> update = List.of();
    private List<String> remove = List.of();
    private List<String> neutered = List.of();

    Block(String time) {
      this.time = time;
    }

    void add(String line) {
      if (!line.startsWith("#")) {
        distributions.add(line);
        return;
      }
      Matcher called = COMMAND.matcher(line);
      if (called.matches()) {
        command = called.group(1);
        return;
      }
      Matcher specs = SPECS.matcher(line);
      if (specs.matches()) {
        List<String> list = parseSpecs(specs.group(2));
        if (list.isEmpty()) {
          return;
        }
        switch (specs.group(1)) {
          case "update", "install", "create" -> update = list;
          case "remove", "uninstall" -> remove = list;
          case "neutered" -> neutered = list;
          default -> {
            // another tool's own kind of line is no request
          }
        }
      }
    }

    Revision toRevision() {
      return new Revision(time, command, distributions, update, remove, neutered);
    }
  }

  private static List<String> parseSpecs(String text) {
    List<String> specs = text.startsWith("[") ? parseList(text) : splitOldForm(text);
    // a feature of the classic kind is written like a spec, and is none
    return specs.stream().filter(spec -> !spec.isEmpty() && !spec.endsWith("@")).toList();
  }

  private static List<String> parseList(String text) {
    List<String> specs = new ArrayList<>();
    Matcher quoted = Block.QUOTED.matcher(text);
    while (quoted.find()) {
      String inner = quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
      // as in Python, where a backslash before anything else stands for itself
      specs.add(inner.replaceAll("\\\\([\\\\'\"])", "$1").strip());
    }
    return specs;
  }

  /** Before conda 4.5 specs were joined by commas, which also stand inside them. */
  private static List<String> splitOldForm(String text) {
    List<String> specs = new ArrayList<>();
    for (String raw : text.split(",", -1)) {
      String part = raw.strip();
      boolean continues = !part.isEmpty() && "=<>!~".indexOf(part.charAt(0)) >= 0;
      if (continues && !specs.isEmpty()) {
        specs.set(specs.size() - 1, specs.get(specs.size() - 1) + "," + part);
      } else if (!part.isEmpty()) {
        specs.add(part);
      }
    }
    return specs;
  }

  /** Returns the package name of a spec without parsing the rest, which may be of any age. */
  static String nameOf(String spec) {
    int bracket = spec.indexOf('[');
    String head = bracket < 0 ? spec : spec.substring(0, bracket);
    String named = head.substring(head.lastIndexOf(':') + 1).strip();
    int end = 0;
    while (end < named.length() && " =<>!~;|,@#".indexOf(named.charAt(end)) < 0) {
      end++;
    }
    return named.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
