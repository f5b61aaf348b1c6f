package io.jconda.core.prefix;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Describes one package of a prefix: what it is, what it put there, and why it is there (CEP-32:
 * {@code conda-meta/<name>-<version>-<build>.json}).
 *
 * <p>Immutable. A record that another tool wrote keeps the fields that JConda does not know when it
 * is written again.
 */
public final class InstalledPackage {
  private final PackageRecord record;
  private final List<String> files;
  private final List<PrefixPath> paths;
  private final LinkType linkType;
  private final List<String> requestedSpecs;
  private final String fileName;
  private final String json;

  private InstalledPackage(Builder builder, String json) {
    this.record = builder.record;
    this.files = List.copyOf(builder.files);
    this.paths = List.copyOf(builder.paths);
    this.linkType = builder.linkType;
    this.requestedSpecs = List.copyOf(builder.requestedSpecs);
    this.fileName = builder.fileName;
    this.json = json;
  }

  /** Starts the description of a package that is being linked. */
  public static Builder builder(PackageRecord record) {
    return new Builder(record);
  }

  /** Returns what the package's channel says of it. */
  public PackageRecord record() {
    return record;
  }

  /**
   * Returns the paths that it owns, relative to the prefix and with forward slashes, made ones
   * included.
   */
  public List<String> files() {
    return files;
  }

  /** Returns what is known of each path; old records have none of it. */
  public List<PrefixPath> paths() {
    return paths;
  }

  /** Returns every path that either list names, in the order of the lists. */
  public Set<String> ownedPaths() {
    Set<String> owned = new LinkedHashSet<>(files);
    paths.forEach(path -> owned.add(path.path()));
    return owned;
  }

  /** Returns how it came into the prefix. */
  public LinkType linkType() {
    return linkType;
  }

  /** Returns the specs that asked for it; empty if it is there for another package's sake. */
  public List<String> requestedSpecs() {
    return requestedSpecs;
  }

  /** Returns the name of its file in {@code conda-meta}. */
  public String fileName() {
    return fileName;
  }

  /** Returns the name, version and build, joined by dashes. */
  public String distName() {
    return record.name() + "-" + record.version() + "-" + record.build();
  }

  /** Returns the same package as asked for by other specs; nothing else of its record changes. */
  public InstalledPackage withRequestedSpecs(List<String> specs) {
    ObjectNode changed = RecordJson.parse(json);
    RecordJson.writeRequestedSpecs(changed, specs);
    return new Builder(this).requestedSpecs(specs).withJson(RecordJson.text(changed));
  }

  /** Returns its record as the text of a JSON document. */
  public String toJson() {
    return json;
  }

  /** Returns {@link #distName()}. */
  @Override
  public String toString() {
    return distName();
  }

  /** Collects what a package's record holds. Not safe to share between threads. */
  public static final class Builder {
    private final PackageRecord record;
    private List<String> files = List.of();
    private List<PrefixPath> paths = List.of();
    private LinkType linkType = LinkType.COPY;
    private List<String> requestedSpecs = List.of();
    private String fileName;

    Builder(PackageRecord record) {
      this.record = record;
      this.fileName = record.name() + "-" + record.version() + "-" + record.build() + ".json";
    }

    private Builder(InstalledPackage installed) {
      this.record = installed.record;
      this.files = installed.files;
      this.paths = installed.paths;
      this.linkType = installed.linkType;
      this.requestedSpecs = installed.requestedSpecs;
      this.fileName = installed.fileName;
    }

    /** Sets the paths that it owns, from what is known of each. */
    public Builder paths(List<PrefixPath> paths) {
      this.paths = paths;
      this.files = new ArrayList<>(paths.size());
      for (PrefixPath path : paths) {
        files.add(path.path());
      }
      return this;
    }

    /** Sets the paths that it owns; {@link #paths} sets them too. */
    Builder files(List<String> files) {
      this.files = files;
      return this;
    }

    /** Sets how it came into the prefix. */
    public Builder linkType(LinkType linkType) {
      this.linkType = linkType;
      return this;
    }

    /** Sets the specs that asked for it. */
    public Builder requestedSpecs(List<String> requestedSpecs) {
      this.requestedSpecs = requestedSpecs;
      return this;
    }

    Builder fileName(String fileName) {
      this.fileName = fileName;
      return this;
    }

    /** Makes the package, with a record that has every field of CEP-32. */
    public InstalledPackage build() {
      return withJson(RecordText.of(record, files, paths, linkType, requestedSpecs));
    }

    InstalledPackage withJson(String json) {
      return new InstalledPackage(this, json);
    }
  }
}
