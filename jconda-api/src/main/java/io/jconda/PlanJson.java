package io.jconda;

import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.UrlSecrets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes a plan as a JSON document; by hand, because the API has no library for it. */
final class PlanJson {
  private final StringBuilder text = new StringBuilder(4096);

  private PlanJson() {}

  static String of(Plan plan) {
    PlanJson json = new PlanJson();
    json.write(plan);
    return json.text.toString();
  }

  private void write(Plan plan) {
    text.append('{');
    string("prefix", plan.prefix().toString());
    string("platform", plan.platform().subdir());
    strings("channels", plan.channels().stream().map(Channel::toString).toList());
    bool("creates", plan.creates());
    bool("replaces", plan.replaces());
    string("command", plan.command());
    string("optimality", plan.optimality().name().toLowerCase(Locale.ROOT));
    string("link_mode", plan.linkMode().name().toLowerCase(Locale.ROOT));
    bool("compile_bytecode", plan.compilesBytecode());
    bool("allow_link_scripts", plan.allowedScripts().all());
    strings("allow_link_scripts_of", List.copyOf(plan.allowedScripts().packages()));
    string("based_on", plan.basedOn());
    strings("update_specs", plan.updateSpecs().stream().map(MatchSpec::toString).toList());
    strings("remove_specs", plan.removeSpecs().stream().map(MatchSpec::toString).toList());
    strings("pip", plan.pip().lines().stream().map(UrlSecrets::masked).toList());
    strings("variables", List.copyOf(plan.variables().keySet()));
    key("changes").append('[');
    for (Change change : plan.changes()) {
      write(change);
    }
    end(']');
    key("solution").append('[');
    for (PackageRecord record : plan.solution()) {
      separate();
      write(record);
    }
    end(']');
    plan.forecast().ifPresent(this::write);
    end('}');
  }

  private void write(Change change) {
    separate();
    text.append('{');
    if (change instanceof Change.Added added) {
      string("action", "add");
      record("after", added.after());
    } else if (change instanceof Change.Removed removed) {
      string("action", "remove");
      record("before", removed.before());
    } else if (change instanceof Change.Replaced replaced) {
      string("action", "replace");
      record("before", replaced.before());
      record("after", replaced.after());
    } else if (change instanceof Change.Relinked relinked) {
      string("action", "relink");
      record("before", relinked.record());
      record("after", relinked.record());
    }
    end('}');
  }

  private void record(String name, PackageRecord record) {
    key(name);
    write(record);
  }

  private void write(PackageRecord record) {
    text.append('{');
    string("name", record.name());
    string("version", record.version().toString());
    string("build", record.build());
    number("build_number", record.buildNumber());
    string("channel", record.channel());
    string("subdir", record.subdir());
    string("url", record.url());
    optional("sha256", record.sha256());
    optional("md5", record.md5());
    record.size().ifPresent(size -> number("size", size));
    end('}');
  }

  private void write(Forecast forecast) {
    key("forecast").append('{');
    number("bytes_to_fetch", forecast.bytesToFetch());
    number("bytes_to_write", forecast.bytesToWrite());
    number("files_to_link", forecast.filesToLink());
    number("files_to_copy", forecast.filesToCopy());
    key("packages").append('[');
    for (Forecast.OfPackage one : forecast.packages()) {
      separate();
      text.append('{');
      string("dist_name", one.distName());
      bool("in_cache", one.inCache());
      number("bytes_to_fetch", one.bytesToFetch());
      number("bytes_to_write", one.bytesToWrite());
      strings("linked", one.linked());
      strings("copied", one.copied());
      end('}');
    }
    end(']');
    end('}');
  }

  // ---- JSON

  private void separate() {
    char last = text.charAt(text.length() - 1);
    if (last != '{' && last != '[') {
      text.append(',');
    }
  }

  private void end(char bracket) {
    text.append(bracket);
  }

  private StringBuilder key(String name) {
    separate();
    return text.append('"').append(name).append("\":");
  }

  private void string(String name, String value) {
    key(name);
    quote(value);
  }

  private void optional(String name, Optional<String> value) {
    value.ifPresent(there -> string(name, there));
  }

  private void number(String name, long value) {
    key(name).append(value);
  }

  private void bool(String name, boolean value) {
    key(name).append(value);
  }

  private void strings(String name, List<String> values) {
    key(name).append('[');
    for (String value : values) {
      separate();
      quote(value);
    }
    end(']');
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
