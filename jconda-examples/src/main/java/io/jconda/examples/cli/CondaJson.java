package io.jconda.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.ChannelException;
import io.jconda.ClientInfo;
import io.jconda.CommandFailedException;
import io.jconda.CondaException;
import io.jconda.Configuration;
import io.jconda.Environment;
import io.jconda.EnvironmentExistsException;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.IntegrityException;
import io.jconda.InvalidNameException;
import io.jconda.InvalidSpecException;
import io.jconda.OfflineException;
import io.jconda.OperationCancelledException;
import io.jconda.PackageNotFoundException;
import io.jconda.Plan;
import io.jconda.Revision;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.Verification;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Prints what conda prints with {@code --json}, key by key (conda: {@code cli/install.py}, {@code
 * core/link.py}).
 */
final class CondaJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectWriter WRITER = new ObjectMapper().writerWithDefaultPrettyPrinter();

  private CondaJson() {}

  /** Prints the outcome of a command that changes an environment. */
  static String outcome(Plan plan, boolean dryRun) {
    ObjectNode document = actions(plan.prefix(), plan.toLink(), plan.toUnlink(), dryRun);
    if (plan.isEmpty()) {
      document.put("message", "All requested packages already installed.");
    }
    return print(document);
  }

  /** Prints the outcome of a removal of a whole environment. */
  static String removed(Path prefix, List<PackageRecord> packages, boolean dryRun) {
    return print(actions(prefix, List.of(), packages, dryRun));
  }

  private static ObjectNode actions(
      Path prefix, List<PackageRecord> linked, List<PackageRecord> unlinked, boolean dryRun) {
    ObjectNode document = JSON.objectNode();
    ObjectNode actions = document.putObject("actions");
    ArrayNode link = actions.putArray("LINK");
    linked.forEach(record -> link.add(dist(record)));
    ArrayNode unlink = actions.putArray("UNLINK");
    unlinked.forEach(record -> unlink.add(dist(record)));
    actions.put("PREFIX", prefix.toString());
    document.put("dry_run", dryRun);
    document.put("prefix", prefix.toString());
    document.put("success", true);
    return document;
  }

  /** Prints what is installed. */
  static String list(List<PackageRecord> packages) {
    ArrayNode document = JSON.arrayNode();
    packages.stream()
        .sorted(Comparator.comparing(PackageRecord::name))
        .forEach(record -> document.add(dist(record)));
    return print(document);
  }

  /** Prints the revisions of an environment, as conda does (conda: {@code history.object_log}). */
  static String history(List<Revision> revisions) {
    ArrayNode document = JSON.arrayNode();
    for (Revision revision : revisions) {
      ObjectNode entry = document.addObject();
      entry.put("date", revision.time());
      entry.putArray("downgrade");
      ArrayNode install = entry.putArray("install");
      revision.added().forEach(install::add);
      ArrayNode remove = entry.putArray("remove");
      revision.removed().forEach(remove::add);
      entry.put("rev", revision.number());
      entry.putArray("upgrade");
    }
    return print(document);
  }

  /** Prints what is wrong with the files of an environment. */
  static String verification(Verification found, boolean success) {
    ObjectNode document = JSON.objectNode();
    ArrayNode damages = document.putArray("damages");
    for (Verification.Damage damage : found.damages()) {
      damages
          .addObject()
          .put("dist_name", damage.owner().distName())
          .put("fault", damage.fault().name().toLowerCase(Locale.ROOT))
          .put("path", damage.path());
    }
    document.put("paths_checked", found.pathsChecked());
    document.put("prefix", found.prefix().toString());
    document.put("success", success);
    return print(document);
  }

  /** Prints what a client works with. */
  static String info(ClientInfo info, List<Environment> environments) {
    ObjectNode document = JSON.objectNode();
    document.put("jconda_version", info.version());
    document.put("root_prefix", info.root().toString());
    document.putArray("envs_dirs").add(info.environmentsFolder().toString());
    ArrayNode envs = document.putArray("envs");
    environments.forEach(environment -> envs.add(environment.prefix().toString()));
    document.putArray("pkgs_dirs").add(info.cacheFolder().toString());
    document.put("platform", info.platform().subdir());
    ArrayNode channels = document.putArray("channels");
    info.channels().forEach(channel -> channels.add(channel.name()));
    ArrayNode virtual = document.putArray("virtual_pkgs");
    info.virtualPackages()
        .forEach(
            record ->
                virtual
                    .addArray()
                    .add(record.name())
                    .add(record.version().toString())
                    .add(record.build()));
    document.put("offline", info.offline());
    return print(document);
  }

  /**
   * Prints settings.
   *
   * @param configuration the settings
   * @param sources whether to tell where they came from, and all values as texts
   */
  static String configuration(Configuration configuration, boolean sources) {
    ObjectNode document = JSON.objectNode();
    for (Configuration.Entry entry : configuration.entries()) {
      ObjectNode holder = sources ? document.putObject(entry.key()) : document;
      String name = sources ? "value" : entry.key();
      boolean map = entry.elements().stream().anyMatch(element -> !element.name().isEmpty());
      if (entry.elements().isEmpty()) {
        holder.put(name, entry.value());
      } else if (map) {
        ObjectNode values = holder.putObject(name);
        entry.elements().forEach(element -> values.put(element.name(), element.value()));
      } else {
        ArrayNode values = holder.putArray(name);
        entry.elements().forEach(element -> values.add(element.value()));
      }
      if (sources) {
        holder.put("source", entry.origin().toString());
        ArrayNode elements = holder.putArray("sources");
        entry.elements().forEach(element -> elements.add(element.origin().toString()));
      }
    }
    return print(document);
  }

  /** Prints a success that has nothing else to say. */
  static String success() {
    return print(JSON.objectNode().put("success", true));
  }

  /** Prints a failure, under the name that conda has for it. */
  static String failure(CondaException failure) {
    ObjectNode document = JSON.objectNode();
    document.put("error", failure.getMessage());
    document.put("exception_name", condaName(failure));
    document.put("exception_type", failure.getClass().getName());
    document.put("message", failure.getMessage());
    document.put("success", false);
    return print(document);
  }

  private static String condaName(CondaException failure) {
    if (failure instanceof PackageNotFoundException) {
      return "PackagesNotFoundError";
    } else if (failure instanceof UnsatisfiableException) {
      return "UnsatisfiableError";
    } else if (failure instanceof InvalidSpecException) {
      return "InvalidMatchSpec";
    } else if (failure instanceof EnvironmentNotFoundException) {
      return "EnvironmentLocationNotFound";
    } else if (failure instanceof EnvironmentExistsException
        || failure instanceof InvalidNameException) {
      return "CondaValueError";
    } else if (failure instanceof ChannelException) {
      return "UnavailableInvalidChannel";
    } else if (failure instanceof IntegrityException) {
      return "ChecksumMismatchError";
    } else if (failure instanceof OfflineException) {
      return "OfflineError";
    } else if (failure instanceof StorageException) {
      return "CondaOSError";
    } else if (failure instanceof OperationCancelledException) {
      return "CondaSystemExit";
    } else if (failure instanceof CommandFailedException) {
      return "CondaCalledProcessError";
    }
    return "CondaError";
  }

  private static ObjectNode dist(PackageRecord record) {
    ObjectNode node = JSON.objectNode();
    node.put("base_url", baseUrl(record));
    node.put("build_number", record.buildNumber());
    node.put("build_string", record.build());
    node.put("channel", record.channel());
    node.put("dist_name", record.distName());
    record.md5().ifPresent(md5 -> node.put("md5", md5));
    node.put("name", record.name());
    node.put("platform", record.subdir());
    record.sha256().ifPresent(sha256 -> node.put("sha256", sha256));
    node.put("url", record.url());
    node.put("version", record.version().toString());
    return node;
  }

  private static String baseUrl(PackageRecord record) {
    int end = record.url().lastIndexOf("/" + record.subdir() + "/");
    return end < 0 ? record.channel() : record.url().substring(0, end);
  }

  /** Prints a document with line breaks, as conda does. */
  static String print(JsonNode document) {
    try {
      return WRITER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A document of texts and numbers cannot be printed.", e);
    }
  }
}
