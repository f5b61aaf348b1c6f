package io.jconda.spec;

import io.jconda.InvalidSpecException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks for packages: by name, and by version, build, channel and more (CEP-29; conda: {@code
 * models/match_spec.py}).
 *
 * <p>Written as conda writes it:
 *
 * <ul>
 *   <li>{@code python}, {@code python=3.8} (3.8 and whatever begins so), {@code python==3.8} and
 *       {@code python 3.8} (exactly), {@code python>=3.8,<3.12};
 *   <li>with a build: {@code python=3.8=h1_0}, {@code python 3.8.* *_cpython};
 *   <li>with a channel: {@code conda-forge::python}, {@code conda-forge/linux-64::python=3.8};
 *   <li>with keywords: {@code numpy[version='>=2',build_number=1,md5=...]}; they win over what
 *       stands before them, except for the name;
 *   <li>as the URL or path of an archive, a checksum behind {@code #}.
 * </ul>
 *
 * <p>Text is compared without regard to case; an asterisk makes a glob, {@code ^...$} a regular
 * expression. Two specs are equal if their canonical forms are. Immutable, no I/O.
 */
public final class MatchSpec {
  private final MatchFields fields;

  /** Made when first asked for: most specs of an index are never printed. */
  private volatile @Nullable String text;

  private final @Nullable String source;

  MatchSpec(MatchFields fields) {
    this(fields, null);
  }

  private MatchSpec(MatchFields fields, @Nullable String source) {
    this.fields = fields;
    this.source = source;
  }

  private MatchSpec writtenAs(String written) {
    return new MatchSpec(fields, UrlSecrets.removed(written).strip());
  }

  /**
   * Reads a spec as a user writes it: strictly, so that a slip is an error and not another spec.
   *
   * @param text the spec; blanks around it and a comment behind {@code #} are ignored
   * @throws InvalidSpecException if it cannot be read; it points at the character
   */
  public static MatchSpec parse(String text) {
    return new MatchSpecParser(text, false).parse().writtenAs(text);
  }

  /**
   * Reads a spec as it may lie in an index or in an environment's history. What {@link #parse}
   * reads it reads to the same; besides, as conda's own parser does,
   *
   * <ul>
   *   <li>a name may have two separators side by side: {@code a--b};
   *   <li>what follows a blank-enclosed {@code if} is dropped;
   *   <li>of a key that is there twice the last value counts;
   *   <li>the key {@code optional} without a value, and what stands in parentheses behind the
   *       brackets, {@code (target=x,optional)}, is dropped.
   * </ul>
   *
   * <p>All else that cannot be read is an error here too: a record with such a dependency must not
   * be taken for one without it. The canonical form of what is read is one that {@link #parse}
   * reads, but for such a name.
   *
   * @param text the spec
   * @throws InvalidSpecException if it cannot be read; it points at the character
   */
  public static MatchSpec parseLenient(String text) {
    return new MatchSpecParser(text, true).parse().writtenAs(text);
  }

  /** Returns the spec that asks for exactly one record, by its channel's URL if that is known. */
  public static MatchSpec of(PackageRecord record) {
    MatchFields fields = new MatchFields(PackageName.parse(Piece.of(record.name()), true));
    fields.version(VersionSpec.exactly(record.version()));
    if (!record.build().isEmpty()) {
      fields.build = MatchFields.pattern(Piece.of(record.build()));
    }
    if (!record.subdir().isEmpty()) {
      fields.subdir = MatchFields.pattern(Piece.of(record.subdir()));
    }
    fields.fileName = MatchFields.pattern(Piece.of(record.fileName()));
    String tail = "/" + record.subdir() + "/" + record.fileName();
    String channel =
        record.url().endsWith(tail)
            ? record.url().substring(0, record.url().length() - tail.length())
            : record.channel();
    if (!channel.isEmpty()) {
      fields.channel = ChannelMatch.of(Channel.of(channel));
    }
    return new MatchSpec(fields);
  }

  /**
   * Starts a spec.
   *
   * @param name a name, a glob, or a regular expression
   * @throws InvalidSpecException if it is none
   */
  public static Builder builder(String name) {
    return new Builder(new MatchFields(PackageName.parse(Piece.of(name), false)));
  }

  /** Returns a builder that holds what this spec holds. */
  public Builder toBuilder() {
    return new Builder(fields.copy());
  }

  /** Tells whether a record is what is asked for. Extras and the condition have no say in it. */
  public boolean matches(PackageRecord record) {
    return fields.matches(record);
  }

  /** Returns the name in lower case, or the glob or regular expression that is asked for. */
  public String name() {
    return fields.name.toString();
  }

  /** Tells whether {@link #name()} is one package's name, not a glob or regular expression. */
  public boolean isExactName() {
    return fields.name.isExact();
  }

  /** Returns which versions are accepted; empty if every version is. */
  public Optional<VersionSpec> version() {
    return Optional.ofNullable(fields.version);
  }

  /** Returns the build string, glob or regular expression; empty if every build is accepted. */
  public Optional<String> build() {
    return textOf(fields.build);
  }

  /** Returns the build number that is asked for, such as {@code 3} or {@code >=3}. */
  public Optional<String> buildNumber() {
    return Optional.ofNullable(fields.buildNumber).map(BuildNumberSpec::toString);
  }

  /** Returns the channel that is asked for; empty also if a pattern of channels is. */
  public Optional<Channel> channel() {
    return Optional.ofNullable(fields.channel).map(ChannelMatch::channel);
  }

  /** Returns the subdir that is asked for, or a glob of it. */
  public Optional<String> subdir() {
    return textOf(fields.subdir);
  }

  /** Returns the archive's MD5 that is asked for, in lower-case hex. */
  public Optional<String> md5() {
    return Optional.ofNullable(fields.md5);
  }

  /** Returns the archive's SHA-256 that is asked for, in lower-case hex. */
  public Optional<String> sha256() {
    return Optional.ofNullable(fields.sha256);
  }

  /** Returns the archive's URL that is asked for, without secrets. */
  public Optional<String> url() {
    return Optional.ofNullable(fields.url);
  }

  /** Returns the archive's file name that is asked for, or a glob of it. */
  public Optional<String> fileName() {
    return textOf(fields.fileName);
  }

  /** Returns the licence that is asked for, or a glob of it. */
  public Optional<String> license() {
    return textOf(fields.license);
  }

  /** Returns the family of licences that is asked for, or a glob of it. */
  public Optional<String> licenseFamily() {
    return textOf(fields.licenseFamily);
  }

  /** Returns the features, in order, that the record must have, no more and no fewer. */
  public Optional<List<String>> features() {
    return Optional.ofNullable(fields.features).map(List::copyOf);
  }

  /** Returns the features, in order, that the record must track, no more and no fewer. */
  public Optional<List<String>> trackFeatures() {
    return Optional.ofNullable(fields.trackFeatures).map(List::copyOf);
  }

  /** Returns the groups of optional dependencies that are asked for (CEP-44). */
  public List<String> extras() {
    return fields.extras;
  }

  /** Returns the flags that the record must have, or globs of them (CEP-45). */
  public List<String> flags() {
    return fields.flags.stream().map(TextPattern::toString).toList();
  }

  /** Returns the condition under which this spec counts, in its own syntax (CEP-43). */
  public Optional<String> when() {
    return Optional.ofNullable(fields.when);
  }

  /** Returns the condition under which this spec counts; empty if it always does (CEP-43). */
  public Optional<Condition> condition() {
    return Optional.ofNullable(fields.condition);
  }

  private static Optional<String> textOf(@Nullable TextPattern pattern) {
    return Optional.ofNullable(pattern).map(TextPattern::toString);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MatchSpec spec && spec.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /**
   * Returns the spec as it was written, without secrets, for messages to whoever wrote it; the
   * canonical form if it was not read but built. It takes no part in equality.
   */
  public String source() {
    return source == null ? toString() : source;
  }

  /** Returns the canonical form (CEP-29, appendix A), which reads back as an equal spec. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = fields.print();
      text = known;
    }
    return known;
  }

  /**
   * Collects what a spec asks for. Not safe to share between threads.
   *
   * <p>What is asked for twice replaces what was there. A setter throws {@link
   * InvalidSpecException} for a text that the same keyword of a written spec could not have.
   */
  public static final class Builder {
    private final MatchFields fields;

    private Builder(MatchFields fields) {
      this.fields = fields;
    }

    /** Asks for versions. */
    public Builder version(VersionSpec version) {
      fields.version(version);
      return this;
    }

    /** Asks for a build string, or a glob or regular expression of it. */
    public Builder build(String build) {
      fields.build = MatchFields.pattern(Piece.of(build));
      return this;
    }

    /** Asks for a build number, such as {@code 3} or {@code >=3}. */
    public Builder buildNumber(String buildNumber) {
      fields.buildNumber = MatchFields.buildNumber(Piece.of(buildNumber));
      return this;
    }

    /** Asks for a channel. */
    public Builder channel(Channel channel) {
      fields.channel = ChannelMatch.of(channel);
      return this;
    }

    /** Asks for a subdir, or a glob or regular expression of it. */
    public Builder subdir(String subdir) {
      fields.subdir = MatchFields.pattern(Piece.of(subdir));
      return this;
    }

    /** Asks for the archive's MD5, in hex. */
    public Builder md5(String md5) {
      fields.md5 = MatchFields.md5(Piece.of(md5));
      return this;
    }

    /** Asks for the archive's SHA-256, in hex. */
    public Builder sha256(String sha256) {
      fields.sha256 = MatchFields.sha256(Piece.of(sha256));
      return this;
    }

    /** Asks for the archive's URL; user info and token are taken out of it. */
    public Builder url(String url) {
      fields.url = UrlSecrets.removed(url.strip());
      return this;
    }

    /** Asks for the archive's file name, or a glob or regular expression of it. */
    public Builder fileName(String fileName) {
      fields.fileName = MatchFields.pattern(Piece.of(fileName));
      return this;
    }

    /** Asks for a licence, or a glob or regular expression of it. */
    public Builder license(String license) {
      fields.license = MatchFields.pattern(Piece.of(license));
      return this;
    }

    /** Asks for a family of licences, or a glob or regular expression of it. */
    public Builder licenseFamily(String licenseFamily) {
      fields.licenseFamily = MatchFields.pattern(Piece.of(licenseFamily));
      return this;
    }

    /** Asks for exactly these features. */
    public Builder features(Collection<String> features) {
      fields.features = MatchFields.words(features);
      return this;
    }

    /** Asks for exactly these tracked features. */
    public Builder trackFeatures(Collection<String> trackFeatures) {
      fields.trackFeatures = MatchFields.words(trackFeatures);
      return this;
    }

    /** Asks for groups of optional dependencies (CEP-44). */
    public Builder extras(List<String> extras) {
      fields.extras = extras.stream().map(Piece::of).map(SelectorNames::extra).toList();
      return this;
    }

    /** Asks for flags, or globs of them (CEP-45). */
    public Builder flags(List<String> flags) {
      fields.flags = flags.stream().map(Piece::of).map(SelectorNames::flag).toList();
      return this;
    }

    /** Makes the spec count only under a condition (CEP-43), such as {@code python>=3.10}. */
    public Builder when(String when) {
      fields.when(Piece.of(when));
      return this;
    }

    /** Makes the spec. */
    public MatchSpec build() {
      return new MatchSpec(fields.copy());
    }
  }
}
