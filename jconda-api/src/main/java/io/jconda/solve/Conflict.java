package io.jconda.solve;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains why no set of packages fulfils all that was asked for: a tree as data, and as text by
 * {@link #toString()}.
 *
 * <p>The specs that it blames are few enough: leave one of them out, and the rest can be fulfilled.
 * The same request on the same records always gives the same explanation, whatever the order of
 * either.
 *
 * <p>Immutable, no I/O.
 */
public final class Conflict {
  private static final int MOST_REMEDIES = 3;

  /** Causes that other builds of a package might do away with. */
  private static final Set<Kind> PACKAGES =
      EnumSet.of(Kind.REQUIRES, Kind.CONSTRAINS, Kind.NO_VERSION);

  private final List<String> specs;
  private final List<Cause> causes;

  /**
   * Makes an explanation.
   *
   * @param specs the user's own specs that cannot hold together, as they were written
   * @param causes what each of them leads to; at least one
   */
  public Conflict(List<String> specs, List<Cause> causes) {
    this.specs = List.copyOf(specs);
    this.causes = List.copyOf(causes);
  }

  /**
   * Returns the user's own specs and pins that cannot hold together, as they were written; none
   * where only what is locked or frozen is to blame.
   */
  public List<String> specs() {
    return specs;
  }

  /** Returns the roots of the tree: what was asked for or stands fixed; never empty. */
  public List<Cause> causes() {
    return causes;
  }

  /**
   * Returns what the user can do about it: what the causes suggest (the first three), and which
   * specs to loosen. One sentence.
   */
  public String remedy() {
    List<Cause> all = new ArrayList<>();
    causes.forEach(cause -> addAll(cause, all));
    Set<String> found = new LinkedHashSet<>();
    all.forEach(cause -> cause.remedy().ifPresent(found::add));
    List<String> remedies = new ArrayList<>(found.stream().limit(MOST_REMEDIES).toList());
    // What can be done about a pin the cause itself has said.
    List<String> quoted =
        specs.stream()
            .filter(
                spec ->
                    all.stream()
                        .noneMatch(cause -> cause.kind == Kind.PINNED && cause.spec.equals(spec)))
            .map(spec -> "'" + spec + "'")
            .toList();
    if (quoted.size() == 1) {
      remedies.add("loosen or leave out " + quoted.get(0));
    } else if (quoted.size() > 1) {
      remedies.add("loosen or leave out one of " + joined(quoted, " and "));
    }
    if (found.isEmpty() && all.stream().anyMatch(cause -> PACKAGES.contains(cause.kind))) {
      remedies.add("add a channel with other builds");
    }
    if (remedies.isEmpty()) {
      remedies.add("ask for less");
    }
    String text = joined(remedies, ", or ");
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private static void addAll(Cause cause, List<Cause> all) {
    all.add(cause);
    cause.causes().forEach(below -> addAll(below, all));
  }

  private static String joined(List<String> texts, String last) {
    int most = texts.size() - 1;
    return most == 0
        ? texts.get(0)
        : String.join(", ", texts.subList(0, most)) + last + texts.get(most);
  }

  /** Tells whether the other explanation says the same. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Conflict conflict
        && specs.equals(conflict.specs)
        && causes.equals(conflict.causes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(specs, causes);
  }

  /**
   * Returns the tree as indented text, one reason a line; where a single leaf is all that stands
   * against a reason, both share a line.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("No set of packages fulfils ");
    text.append(
        specs.isEmpty()
            ? "the request"
            : String.join(" and ", specs.stream().map(spec -> "'" + spec + "'").toList()));
    text.append(':');
    append(text, causes, "");
    text.append(System.lineSeparator());
    return text.toString();
  }

  private static void append(StringBuilder text, List<Cause> causes, String indent) {
    for (int i = 0; i < causes.size(); i++) {
      boolean last = i == causes.size() - 1;
      Cause cause = causes.get(i);
      text.append(System.lineSeparator()).append(indent).append(last ? "└─ " : "├─ ");
      text.append(cause.message());
      List<Cause> below = cause.causes();
      if (cause.isObstructed()) {
        text.append(", but");
        if (cause.hasOneLine()) {
          text.append(' ').append(below.get(0).message());
          below = List.of();
        }
      }
      append(text, below, indent + (last ? "   " : "│  "));
    }
  }

  /**
   * States one reason, and under it either what follows from it or what stands against it.
   *
   * <p>Immutable.
   */
  public static final class Cause {
    private final Kind kind;
    private final String message;
    private final String packageName;
    private final String spec;
    private final String remedy;
    private final boolean obstructed;
    private final List<Cause> causes;

    private Cause(Builder builder) {
      this.kind = builder.kind;
      this.message = builder.message;
      this.packageName = builder.packageName;
      this.spec = builder.spec;
      this.remedy = builder.remedy;
      this.obstructed = builder.obstructed;
      this.causes = builder.causes;
    }

    /**
     * Starts a cause without anything below.
     *
     * @param kind what kind of reason it is
     * @param message one line, such as {@code numpy 2.3.1 requires python >=3.13,<3.14}
     */
    public static Builder builder(Kind kind, String message) {
      return new Builder(kind, message);
    }

    /** Returns what kind of reason it is. */
    public Kind kind() {
      return kind;
    }

    /** Returns one line that says it, such as {@code numpy 2.3.1 requires python >=3.13,<3.14}. */
    public String message() {
      return message;
    }

    /**
     * Returns the package that it is about: that which requires for {@link Kind#REQUIRES}, that
     * which is asked for or missing for others; empty where it is about none.
     */
    public Optional<String> packageName() {
      return packageName.isEmpty() ? Optional.empty() : Optional.of(packageName);
    }

    /**
     * Returns the spec that is asked for, pinned or required; where several versions require
     * something of one name, all of it in one text, as in the message.
     */
    public Optional<String> spec() {
      return spec.isEmpty() ? Optional.empty() : Optional.of(spec);
    }

    /** Returns what the user can do about this cause, as a clause in the imperative. */
    public Optional<String> remedy() {
      return remedy.isEmpty() ? Optional.empty() : Optional.of(remedy);
    }

    /**
     * Tells which way to read what is below: true if {@link #causes()} stand against this cause,
     * false if they follow from it.
     */
    public boolean isObstructed() {
      return obstructed;
    }

    /**
     * Tells whether one line is enough for it and what stands against it: that is a single cause
     * with nothing behind it.
     */
    public boolean hasOneLine() {
      return obstructed && causes.size() == 1 && causes.get(0).causes().isEmpty();
    }

    /** Returns what follows from it or, if it is obstructed, what stands against it. */
    public List<Cause> causes() {
      return causes;
    }

    /** Starts a cause that says the same as this one. */
    public Builder toBuilder() {
      Builder builder = new Builder(kind, message);
      builder.packageName = packageName;
      builder.spec = spec;
      builder.remedy = remedy;
      builder.obstructed = obstructed;
      builder.causes = causes;
      return builder;
    }

    /** Tells whether the other cause says the same, with the same below. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Cause cause
          && kind == cause.kind
          && message.equals(cause.message)
          && packageName.equals(cause.packageName)
          && spec.equals(cause.spec)
          && remedy.equals(cause.remedy)
          && obstructed == cause.obstructed
          && causes.equals(cause.causes);
    }

    @Override
    public int hashCode() {
      return Objects.hash(kind, message, causes);
    }

    /** Returns the message. */
    @Override
    public String toString() {
      return message;
    }

    /** Collects what a cause holds. Not safe to share between threads. */
    public static final class Builder {
      private final Kind kind;
      private final String message;
      private String packageName = "";
      private String spec = "";
      private String remedy = "";
      private boolean obstructed;
      private List<Cause> causes = List.of();

      private Builder(Kind kind, String message) {
        this.kind = kind;
        this.message = message;
      }

      /** Sets the package that it is about. */
      public Builder packageName(String packageName) {
        this.packageName = packageName;
        return this;
      }

      /** Sets the spec that is asked for, pinned or required. */
      public Builder spec(String spec) {
        this.spec = spec;
        return this;
      }

      /** Sets what the user can do about it: a clause in the imperative, without a full stop. */
      public Builder remedy(String remedy) {
        this.remedy = remedy;
        return this;
      }

      /** Puts below it what follows from it. */
      public Builder followedBy(List<Cause> causes) {
        this.obstructed = false;
        this.causes = List.copyOf(causes);
        return this;
      }

      /** Puts below it what stands against it; it is obstructed if that is anything. */
      public Builder obstructedBy(List<Cause> causes) {
        this.obstructed = !causes.isEmpty();
        this.causes = List.copyOf(causes);
        return this;
      }

      /** Makes the cause. */
      public Cause build() {
        return new Cause(this);
      }
    }
  }

  /**
   * Says what kind of reason a cause is. More kinds may come: whoever switches on it needs a
   * default.
   */
  public enum Kind {
    /** The user names a spec now. */
    REQUESTED,
    /** The user named a spec earlier. */
    REMEMBERED,
    /** The user pinned a package: nothing else may be there. */
    PINNED,
    /** A record must stay exactly as it is. */
    LOCKED,
    /** An installed record must stay, as the request freezes what is installed. */
    FROZEN,
    /** The installed Python keeps its minor version, as nothing names Python. */
    KEPT_PYTHON,
    /** Versions of a package depend on something. */
    REQUIRES,
    /** Versions of a package go only with some versions of another, without asking for it. */
    CONSTRAINS,
    /** Some versions of a package are tried out; what is below says why each attempt fails. */
    ASSUMED,
    /** The package is known, but not in a version or build that is asked for. */
    NO_VERSION,
    /** No channel has a package of the name. */
    MISSING_PACKAGE,
    /** The machine lacks a virtual package. */
    MISSING_VIRTUAL_PACKAGE,
    /** The machine has the virtual package in another version or build. */
    OTHER_VIRTUAL_PACKAGE,
    /** Strict priority hides packages behind a channel that has the name too. */
    HIDDEN_BY_PRIORITY,
    /** The request's own options shut packages out: they are excluded, or too new. */
    SHUT_OUT,
    /** A dependency in the index cannot be read. */
    UNREADABLE,
    /** One package requires what excludes itself. */
    CONTRADICTION,
    /** The explanation ends here, as more would take too long; what was known is said. */
    UNFINISHED,
    /** Lines are left out here, as there are too many. */
    OMITTED
  }
}
