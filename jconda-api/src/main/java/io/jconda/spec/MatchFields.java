package io.jconda.spec;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a match spec asks for, field by field; null and empty lists ask for nothing.
 *
 * <p>Parser and builder fill it in; once a {@link MatchSpec} holds it, it is not changed any more.
 */
final class MatchFields {
  private static final String HASH_FORM = "Write the checksum in full, in hexadecimal digits.";

  final TextPattern name;
  @Nullable VersionSpec version;
  @Nullable TextPattern build;
  @Nullable BuildNumberSpec buildNumber;
  @Nullable ChannelMatch channel;
  @Nullable TextPattern subdir;
  @Nullable String md5;
  @Nullable String sha256;
  @Nullable String url;
  @Nullable TextPattern fileName;
  @Nullable TextPattern license;
  @Nullable TextPattern licenseFamily;
  @Nullable SortedSet<String> features;
  @Nullable SortedSet<String> trackFeatures;
  List<String> extras = List.of();
  List<TextPattern> flags = List.of();
  @Nullable String when;
  @Nullable Condition condition;

  MatchFields(TextPattern name) {
    this.name = name;
  }

  MatchFields copy() {
    MatchFields copy = new MatchFields(name);
    copy.version = version;
    copy.build = build;
    copy.buildNumber = buildNumber;
    copy.channel = channel;
    copy.subdir = subdir;
    copy.md5 = md5;
    copy.sha256 = sha256;
    copy.url = url;
    copy.fileName = fileName;
    copy.license = license;
    copy.licenseFamily = licenseFamily;
    copy.features = features;
    copy.trackFeatures = trackFeatures;
    copy.extras = extras;
    copy.flags = flags;
    copy.when = when;
    copy.condition = condition;
    return copy;
  }

  /** Sets the version; one that accepts everything asks for nothing. */
  void version(VersionSpec version) {
    this.version = version.clause() instanceof VersionClause.Any ? null : version;
  }

  /** Reads the condition; its text is kept as it was written. */
  void when(Piece piece) {
    condition = ConditionParser.parse(piece);
    when = piece.text();
  }

  /** Reads a text's pattern; one that accepts everything asks for nothing. */
  static @Nullable TextPattern pattern(Piece piece) {
    TextPattern pattern = TextPattern.parse(piece.whole(), piece.from(), piece.to());
    return pattern.isAny() ? null : pattern;
  }

  static @Nullable BuildNumberSpec buildNumber(Piece piece) {
    return piece.text().equals("*") ? null : BuildNumberSpec.parse(piece);
  }

  static String md5(Piece piece) {
    return hex(piece, 32);
  }

  static String sha256(Piece piece) {
    return hex(piece, 64);
  }

  private static String hex(Piece piece, int length) {
    String text = piece.text().toLowerCase(Locale.ROOT);
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
        throw piece.invalid(i, "a hexadecimal digit is expected", HASH_FORM);
      }
    }
    if (text.length() != length) {
      throw piece.invalid(
          text.length(),
          "the checksum has %d digits instead of %d".formatted(text.length(), length),
          HASH_FORM);
    }
    return text;
  }

  /** Takes apart names of features, which blanks or commas separate. */
  static SortedSet<String> words(Collection<String> texts) {
    SortedSet<String> words = new TreeSet<>();
    for (String text : texts) {
      for (String word : text.split("[\\s,]+", -1)) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
    }
    return words;
  }

  boolean matches(PackageRecord record) {
    return name.matches(record.name())
        && (version == null || version.matches(record.version()))
        && (build == null || build.matches(record.build()))
        && (buildNumber == null || buildNumber.matches(record.buildNumber()))
        && (subdir == null || subdir.matches(record.subdir()))
        && (channel == null || channel.matches(record))
        && matchesArchive(record)
        && matchesLabels(record);
  }

  private boolean matchesArchive(PackageRecord record) {
    return (md5 == null || md5.equals(record.md5().orElse("")))
        && (sha256 == null || sha256.equals(record.sha256().orElse("")))
        && (url == null || ArchiveLocation.sameUrl(url, record.url()))
        && (fileName == null || fileName.matches(record.fileName()));
  }

  private boolean matchesLabels(PackageRecord record) {
    return (license == null || license.matches(record.license().orElse("")))
        && (licenseFamily == null || licenseFamily.matches(record.licenseFamily().orElse("")))
        && (features == null || features.equals(new TreeSet<>(record.features())))
        && (trackFeatures == null || trackFeatures.equals(new TreeSet<>(record.trackFeatures())))
        && hasFlags(record);
  }

  private boolean hasFlags(PackageRecord record) {
    for (TextPattern flag : flags) {
      if (record.flags().stream().noneMatch(flag::matches)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the canonical form (CEP-29, appendix A). */
  String print() {
    MatchSpecPrinter printer = new MatchSpecPrinter();
    boolean exactChannel = channel != null && channel.isExact();
    // What is no platform of conda's would be read back as a part of the channel.
    boolean subdirInFront =
        exactChannel && subdir != null && ChannelMatch.isSubdir(subdir.toString());
    if (exactChannel) {
      printer.front(channel + (subdirInFront ? "/" + subdir : "") + "::");
    } else {
      printer.keyword("channel", channel);
    }
    if (!subdirInFront) {
      printer.keyword("subdir", subdir);
    }
    printer.front(name.toString());
    printer.versionAndBuild(version, build);
    printer.keyword("build_number", buildNumber);
    printer.keyword("md5", md5);
    printer.keyword("sha256", sha256);
    printer.keyword("url", url);
    printer.keyword("fn", fileName);
    printer.keyword("license", license);
    printer.keyword("license_family", licenseFamily);
    printer.words("features", features);
    printer.words("track_features", trackFeatures);
    printer.list("extras", extras);
    printer.list("flags", flags);
    printer.keyword("when", when);
    return printer.toString();
  }
}
