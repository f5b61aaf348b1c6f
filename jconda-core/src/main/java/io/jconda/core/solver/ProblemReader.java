package io.jconda.core.solver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.jconda.CondaException;
import io.jconda.InvalidSpecException;
import io.jconda.StorageException;
import io.jconda.core.repodata.StandaloneRecord;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.Dependencies;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of a problem as it comes, without a tree of it. */
final class ProblemReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser in;
  private SolveRequest request = SolveRequest.builder().build();
  private final Map<String, List<PackageRecord>> records = new TreeMap<>();
  private final Map<String, Integer> ranks = new TreeMap<>();
  private @Nullable List<String> names;

  private ProblemReader(JsonParser in) {
    this.in = in;
  }

  /** Says what is wrong with the content of a file. */
  private static final class MalformedProblemException extends IOException {
    MalformedProblemException(String reason) {
      super(reason);
    }
  }

  /** Reads one thing at the parser's token, and takes its last token. */
  private interface Part<T> {
    T read() throws IOException;
  }

  /** Reads the value of a field. */
  private interface Field {
    void read(String name) throws IOException;
  }

  static Problem read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StorageException(
          "The problem file %s cannot be read (%s).".formatted(file, e),
          "Check its path, its owner and its permissions.",
          e);
    }
    try (JsonParser in = JSON.createParser(content)) {
      return new ProblemReader(in).problem(file);
    } catch (JsonProcessingException e) {
      throw broken(file, "its JSON breaks off or is no JSON (" + e.getOriginalMessage() + ")", e);
    } catch (InvalidSpecException e) {
      throw broken(file, e.problem(), e);
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      throw broken(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static CondaException broken(Path file, String reason, Exception cause) {
    return new CondaException(
        "%s is no whole problem file: %s.".formatted(file, reason),
        "Have it written again with saveProblem, and copy it as it is.",
        cause);
  }

  private Problem problem(Path file) throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT
        || in.nextToken() != JsonToken.FIELD_NAME
        || !in.currentName().equals(ProblemWriter.VERSION_FIELD)
        || in.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new MalformedProblemException(
          "it does not begin with '" + ProblemWriter.VERSION_FIELD + "' and a number");
    }
    if (in.getLongValue() != ProblemWriter.VERSION) {
      throw new CondaException(
          "The problem file %s is of version %d; this JConda reads version %d."
              .formatted(file, in.getLongValue(), ProblemWriter.VERSION),
          "Read it with the JConda that wrote it, or a newer one.");
    }
    boolean[] whole = new boolean[1];
    fields(
        name -> {
          switch (name) {
            case "request" -> request = request();
            case "ranks" -> object(rank -> ranks.put(rank, number()));
            case "names" -> names = array(this::text);
            case "records" -> {
              object(key -> records.put(key, records()));
              whole[0] = true;
            }
            default -> in.skipChildren();
          }
        });
    if (!whole[0]) {
      throw new MalformedProblemException("it holds no records");
    }
    return new Problem(request, new KnownRecords(records, ranks, Optional.ofNullable(names)));
  }

  private SolveRequest request() throws IOException {
    SolveRequest.Builder builder = SolveRequest.builder();
    object(
        name -> {
          switch (name) {
            case "mode" -> builder.mode(SolveMode.valueOf(text()));
            case "specs" -> builder.specs(array(this::spec));
            case "remembered" -> builder.remembered(array(this::spec));
            case "removals" -> builder.removals(array(this::spec));
            case "pins" -> builder.pins(array(this::spec));
            case "options" -> builder.options(options());
            case "virtual_packages" -> builder.virtualPackages(records());
            case "installed" -> builder.installed(records());
            case "locked" -> builder.locked(records());
            default -> throw unknown(name);
          }
        });
    return builder.build();
  }

  private SolveOptions options() throws IOException {
    SolveOptions[] options = {SolveOptions.defaults()};
    object(
        name ->
            options[0] =
                switch (name) {
                  case "channel_priority" ->
                      options[0].channelPriority(ChannelPriority.valueOf(text()));
                  case "strategy" -> options[0].strategy(SolveStrategy.valueOf(text()));
                  case "dependencies" -> options[0].dependencies(Dependencies.valueOf(text()));
                  case "freeze_installed" -> options[0].freezeInstalled(truth());
                  case "exclude_newer" -> options[0].excludeNewer(excludeNewer());
                  case "exclusions" -> exclusions(options[0]);
                  case "overrides" -> overrides(options[0]);
                  default -> throw unknown(name);
                });
    return options[0];
  }

  private SolveOptions exclusions(SolveOptions options) throws IOException {
    SolveOptions result = options;
    for (Map<String, String> one : array(this::texts)) {
      result = result.exclude(required(one, "spec"), required(one, "reason"));
    }
    return result;
  }

  private SolveOptions overrides(SolveOptions options) throws IOException {
    SolveOptions result = options;
    for (Map<String, String> one : array(this::texts)) {
      result = result.override(required(one, "dependants"), required(one, "dependency"));
    }
    return result;
  }

  private ExcludeNewer excludeNewer() throws IOException {
    ExcludeNewer[] limits = {ExcludeNewer.nothing()};
    object(
        name -> {
          switch (name) {
            case "cutoff" -> limits[0] = ExcludeNewer.than(Instant.parse(text()));
            case "channels" ->
                object(
                    key -> limits[0] = limits[0].inChannel(Channel.of(key), Instant.parse(text())));
            case "packages" ->
                object(key -> limits[0] = limits[0].ofPackage(key, Instant.parse(text())));
            case "keep_undated" -> limits[0] = limits[0].keepUndated(truth());
            default -> throw unknown(name);
          }
        });
    return limits[0];
  }

  /** What is not known may change the answer, so it is not passed over. */
  private static MalformedProblemException unknown(String field) {
    return new MalformedProblemException("its '" + field + "' is not known");
  }

  private List<PackageRecord> records() throws IOException {
    return array(
        () -> {
          expect(JsonToken.START_OBJECT, "a record");
          return StandaloneRecord.read(in);
        });
  }

  private MatchSpec spec() throws IOException {
    return spec(text());
  }

  /** What a user wrote is read as that; what stands in an old history may be looser. */
  static MatchSpec spec(String text) {
    try {
      return MatchSpec.parse(text);
    } catch (InvalidSpecException e) {
      return MatchSpec.parseLenient(text);
    }
  }

  private Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    object(name -> texts.put(name, text()));
    return texts;
  }

  private static String required(Map<String, String> texts, String field)
      throws MalformedProblemException {
    String text = texts.get(field);
    if (text == null) {
      throw new MalformedProblemException("a '" + field + "' is missing");
    }
    return text;
  }

  private void object(Field field) throws IOException {
    expect(JsonToken.START_OBJECT, "an object");
    fields(field);
  }

  private void fields(Field field) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      field.read(name);
    }
    expect(JsonToken.END_OBJECT, "the end of an object");
  }

  private <T> List<T> array(Part<T> part) throws IOException {
    expect(JsonToken.START_ARRAY, "a list");
    List<T> items = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items.add(part.read());
    }
    return items;
  }

  private String text() throws IOException {
    expect(JsonToken.VALUE_STRING, "a text");
    return in.getText();
  }

  private int number() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    return in.getIntValue();
  }

  private boolean truth() throws IOException {
    if (in.currentToken() != JsonToken.VALUE_TRUE) {
      expect(JsonToken.VALUE_FALSE, "true or false");
    }
    return in.getBooleanValue();
  }

  private void expect(JsonToken token, String what) throws MalformedProblemException {
    if (in.currentToken() != token) {
      throw new MalformedProblemException(
          "in line %d there is not %s where one should be"
              .formatted(in.currentTokenLocation().getLineNr(), what));
    }
  }
}
