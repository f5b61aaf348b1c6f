package io.jconda.core.solver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jconda.InvalidSpecException;
import io.jconda.core.repodata.StandaloneRecord;
import io.jconda.core.util.JCondaVersion;
import io.jconda.solve.DependencyOverride;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.Exclusion;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a problem as JSON; one line a record, so that files can be compared. */
final class ProblemWriter {
  /** The version of the form, and the field that a file of it begins with. */
  static final int VERSION = 1;

  static final String VERSION_FIELD = "jconda_problem";

  private static final Pattern RELATIVE_PATH = Pattern.compile("(^|[='\"])\\s*[.~][/\\\\.]");
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator out;

  private ProblemWriter(JsonGenerator out) {
    this.out = out;
  }

  static byte[] toBytes(Problem problem) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      new ProblemWriter(out).problem(problem);
    }
    return bytes.toByteArray();
  }

  private void problem(Problem problem) throws IOException {
    out.writeStartObject();
    out.writeNumberField(VERSION_FIELD, VERSION);
    out.writeStringField("written_by", "jconda " + JCondaVersion.CURRENT);
    request(problem.request());
    KnownRecords known = problem.records();
    out.writeObjectFieldStart("ranks");
    for (Map.Entry<String, Integer> rank : known.ranks().entrySet()) {
      out.writeNumberField(rank.getKey(), rank.getValue());
    }
    out.writeEndObject();
    if (known.askedNames().isPresent()) {
      texts("names", known.askedNames().get());
    }
    out.writeObjectFieldStart("records");
    for (Map.Entry<String, List<PackageRecord>> entry : known.records().entrySet()) {
      records(entry.getKey(), entry.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
    out.writeRaw('\n');
  }

  private void request(SolveRequest request) throws IOException {
    out.writeObjectFieldStart("request");
    out.writeStringField("mode", request.mode().name());
    texts("specs", texts(request.specs()));
    texts("remembered", texts(request.remembered()));
    texts("removals", texts(request.removals()));
    texts("pins", texts(request.pins()));
    options(request.options());
    records("virtual_packages", request.virtualPackages());
    records("installed", request.installed());
    records("locked", request.locked());
    out.writeEndObject();
  }

  private void options(SolveOptions options) throws IOException {
    out.writeObjectFieldStart("options");
    out.writeStringField("channel_priority", options.channelPriority().name());
    out.writeStringField("strategy", options.strategy().name());
    out.writeStringField("dependencies", options.dependencies().name());
    out.writeBooleanField("freeze_installed", options.freezesInstalled());
    excludeNewer(options.excludeNewer());
    out.writeArrayFieldStart("exclusions");
    for (Exclusion exclusion : options.exclusions()) {
      out.writeStartObject();
      out.writeStringField("spec", text(exclusion.spec()));
      out.writeStringField("reason", exclusion.reason());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("overrides");
    for (DependencyOverride override : options.overrides()) {
      out.writeStartObject();
      out.writeStringField("dependants", text(override.dependants()));
      out.writeStringField("dependency", text(override.dependency()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private void excludeNewer(ExcludeNewer limits) throws IOException {
    out.writeObjectFieldStart("exclude_newer");
    if (limits.cutoff().isPresent()) {
      out.writeStringField("cutoff", limits.cutoff().get().toString());
    }
    out.writeObjectFieldStart("channels");
    for (Map.Entry<Channel, Instant> entry : limits.channels().entrySet()) {
      out.writeStringField(entry.getKey().name(), entry.getValue().toString());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("packages");
    for (Map.Entry<String, Instant> entry : limits.packages().entrySet()) {
      out.writeStringField(entry.getKey(), entry.getValue().toString());
    }
    out.writeEndObject();
    out.writeBooleanField("keep_undated", limits.keepsUndated());
    out.writeEndObject();
  }

  private static List<String> texts(List<MatchSpec> specs) {
    return specs.stream().map(ProblemWriter::text).toList();
  }

  /** As it was written, for the sake of messages, unless that means something else elsewhere. */
  private static String text(MatchSpec spec) {
    String source = spec.source();
    try {
      return !RELATIVE_PATH.matcher(source).find() && ProblemReader.spec(source).equals(spec)
          ? source
          : spec.toString();
    } catch (InvalidSpecException e) {
      return spec.toString();
    }
  }

  private void texts(String field, Collection<String> items) throws IOException {
    out.writeArrayFieldStart(field);
    for (String item : items) {
      out.writeString(item);
    }
    out.writeEndArray();
  }

  private void records(String field, List<PackageRecord> records) throws IOException {
    out.writeRaw('\n');
    out.writeArrayFieldStart(field);
    for (PackageRecord record : records) {
      out.writeRaw('\n');
      StandaloneRecord.write(record, out);
    }
    out.writeEndArray();
  }
}
