package io.jconda.spec;

import io.jconda.InvalidSpecException;
import io.jconda.spec.KeywordReader.Keyword;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a match spec in each of its written forms (CEP-29; conda: {@code _parse_spec_str}). */
final class MatchSpecParser {
  private static final String FORM =
      "Write name, name=1.2, name>=1.2,<2, name==1.2=build, channel::name, or name[key=value].";

  private static final Pattern FEATURE = Pattern.compile("[A-Za-z0-9_.-]+@");

  private final String text;

  /** The same text with secrets covered, for what reads versions, and for errors. */
  private final String shown;

  private final boolean lenient;
  private int end;

  MatchSpecParser(String text, boolean lenient) {
    this.text = text;
    this.shown = UrlSecrets.masked(text);
    this.lenient = lenient;
    this.end = text.length();
  }

  MatchSpec parse() {
    Piece all = new Piece(shown, 0, end).stripped();
    if (all.isEmpty()) {
      throw all.invalid(0, "a spec is expected, and there is none", FORM);
    }
    if (shown.charAt(all.to() - 1) == '@' && FEATURE.matcher(all.text()).matches()) {
      // conda's old way to ask for a feature
      MatchFields any = new MatchFields(TextPattern.glob("*"));
      any.trackFeatures = new TreeSet<>(List.of(new Piece(shown, all.from(), all.to() - 1).text()));
      return new MatchSpec(any);
    }
    int hash = text.indexOf('#');
    Piece location = new Piece(shown, all.from(), hash < 0 ? all.to() : hash).stripped();
    if (ArchiveLocation.isArchive(location.text()) && location.text().indexOf('[') < 0) {
      return archive(location, hash < 0 ? all.to() : hash + 1, all.to());
    }
    return spec(all);
  }

  private MatchSpec archive(Piece location, int checksumStart, int checksumEnd) {
    String secretText = text.substring(location.from(), location.to());
    ArchiveLocation archive = ArchiveLocation.parse(location, secretText);
    // Errors point into the whole text where the file name stands there as it is, unescaped.
    Piece file =
        location.text().endsWith(archive.fileName())
            ? new Piece(shown, location.to() - archive.fileName().length(), location.to())
            : Piece.of(archive.fileName());
    int nameEnd = file.from() + archive.name().length();
    int versionEnd = nameEnd + 1 + archive.version().length();
    int buildEnd = versionEnd + 1 + archive.build().length();
    Piece name = new Piece(file.whole(), file.from(), nameEnd);
    MatchFields fields = new MatchFields(PackageName.parse(name, lenient));
    fields.version(VersionSpec.exactly(Version.parse(file.whole(), nameEnd + 1, versionEnd)));
    Piece build = new Piece(file.whole(), versionEnd + 1, buildEnd);
    checkBuild(build);
    fields.build = MatchFields.pattern(build);
    fields.url = archive.url();
    fields.fileName = MatchFields.pattern(Piece.of(archive.fileName()));
    if (archive.channel() != null && archive.subdir() != null) {
      fields.channel = ChannelMatch.parse(location, archive.channel());
      fields.subdir = MatchFields.pattern(Piece.of(archive.subdir()));
    }
    Piece checksum = new Piece(shown, checksumStart, checksumEnd).stripped();
    if (checksum.text().startsWith("sha256:")) {
      fields.sha256 = MatchFields.sha256(new Piece(shown, checksum.from() + 7, checksum.to()));
    } else if (checksum.text().length() == 64) {
      fields.sha256 = MatchFields.sha256(checksum);
    } else if (!checksum.isEmpty()) {
      fields.md5 = MatchFields.md5(checksum);
    }
    return new MatchSpec(fields);
  }

  private MatchSpec spec(Piece all) {
    end = all.to();
    int bracket = headEnd(all.from());
    int headEnd = bracket;
    int condition = shown.indexOf(" if ", all.from());
    if (condition >= 0 && condition < headEnd) {
      refuseOldCondition(condition + 1);
      headEnd = condition;
      bracket = end;
    }
    List<Keyword> keywords = new ArrayList<>();
    if (bracket < end && shown.charAt(bracket) == '[') {
      KeywordReader reader = new KeywordReader(shown, bracket, end, lenient);
      keywords = reader.read();
      checkTail(reader.position());
    }
    MatchFields fields = head(new Piece(shown, all.from(), headEnd).stripped());
    for (Keyword keyword : keywords) {
      set(fields, keyword);
    }
    return new MatchSpec(fields);
  }

  /** Finds the bracket or the comment that ends the positional part. */
  private int headEnd(int from) {
    for (int i = from; i < end; i++) {
      char c = shown.charAt(i);
      if (c == '^') {
        int close = shown.indexOf('$', i);
        i = close < 0 || close >= end ? end : close;
      } else if (c == '[' || c == '#') {
        return i;
      }
    }
    return end;
  }

  private void checkTail(int from) {
    Piece tail = new Piece(shown, from, end).stripped();
    if (tail.isEmpty() || tail.text().startsWith("#")) {
      return;
    }
    if (tail.text().startsWith("if ")) {
      refuseOldCondition(tail.from());
      return;
    }
    if (lenient && tail.text().startsWith("(") && tail.text().endsWith(")")) {
      // what conda once said of a spec to itself, (target=x,optional), has no meaning any more
      return;
    }
    throw tail.invalid(
        0, "nothing can follow the ']'", "Put name, version and build before the brackets.");
  }

  private void refuseOldCondition(int at) {
    if (!lenient) {
      throw new InvalidSpecException(
          shown, at, "' if ' is no condition", "Write the condition as [when='...'].");
    }
  }

  private MatchFields head(Piece head) {
    int nameStart = head.from();
    int colon = lastColon(head);
    Piece channel = new Piece(shown, head.from(), head.from());
    if (colon >= 0) {
      nameStart = colon + 1;
      int first = shown.lastIndexOf(':', colon - 1);
      Piece namespace = new Piece(shown, Math.max(first + 1, head.from()), colon);
      checkNamespace(namespace);
      if (first >= head.from()) {
        channel = new Piece(shown, head.from(), first).stripped();
      }
    }
    Piece rest = new Piece(shown, nameStart, head.to()).stripped();
    int nameEnd = nameEnd(rest);
    TextPattern name =
        PackageName.parse(new Piece(shown, rest.from(), nameEnd).stripped(), lenient);
    if (nameEnd < rest.to() && " \t=<>!~,|".indexOf(shown.charAt(nameEnd)) < 0) {
      throw new InvalidSpecException(
          shown, nameEnd, "a blank or an operator is expected after the name", FORM);
    }
    MatchFields fields = new MatchFields(name);
    if (!channel.isEmpty()) {
      setChannel(fields, channel, text.substring(channel.from(), channel.to()));
    }
    versionAndBuild(fields, nameEnd, rest.to());
    return fields;
  }

  /** A version's regular expression may have colons, so only those before it count. */
  private int lastColon(Piece head) {
    int caret = shown.indexOf('^', head.from());
    int limit = caret >= 0 && caret < head.to() ? caret : head.to();
    int colon = shown.lastIndexOf(':', limit - 1);
    return colon >= head.from() ? colon : -1;
  }

  private static void checkNamespace(Piece namespace) {
    for (int i = 0; i < namespace.text().length(); i++) {
      char c = namespace.text().charAt(i);
      if (!(c < 128 && Character.isLetterOrDigit(c)) && "_-. ".indexOf(c) < 0) {
        throw namespace.invalid(
            i,
            "a namespace cannot have the character '" + c + "'",
            "Put two colons between channel and name: channel::name.");
      }
    }
  }

  private int nameEnd(Piece rest) {
    int i = rest.from();
    if (i < rest.to() && shown.charAt(i) == '^') {
      int close = shown.indexOf('$', i);
      return close < 0 || close >= rest.to() ? rest.to() : close + 1;
    }
    while (i < rest.to() && " \t=<>!~,|".indexOf(shown.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  private void setChannel(MatchFields fields, Piece piece, String secretText) {
    int slash = ChannelMatch.subdirSlash(secretText);
    if (slash >= 0) {
      fields.subdir = MatchFields.pattern(Piece.of(secretText.substring(slash + 1)));
    }
    String channel = slash >= 0 ? secretText.substring(0, slash).strip() : secretText;
    if (!channel.equals("*")) {
      int end = slash >= 0 ? piece.from() + slash : piece.to();
      Piece channelPiece = new Piece(piece.whole(), piece.from(), end).stripped();
      fields.channel = ChannelMatch.parse(channelPiece, channel);
    }
  }

  private void versionAndBuild(MatchFields fields, int nameEnd, int restEnd) {
    Piece rest = new Piece(shown, nameEnd, restEnd).stripped();
    if (rest.isEmpty() || (rest.text().equals("=") && rest.from() == nameEnd)) {
      // conda takes "numpy=" for "numpy"
      return;
    }
    VersionSpecParser parser = new VersionSpecParser(shown, rest.from(), rest.to());
    VersionClause clause = parser.parse();
    int stop = parser.position();
    if (stop < rest.to()) {
      boolean equalsSign = shown.charAt(stop) == '=';
      boolean blankBefore = Character.isWhitespace(shown.charAt(stop - 1));
      if (!equalsSign && !blankBefore) {
        throw new InvalidSpecException(
            shown, stop, "the version ends here, and no build string can follow so", FORM);
      }
      Piece build = new Piece(shown, equalsSign ? stop + 1 : stop, rest.to()).stripped();
      checkBuild(build);
      fields.build = MatchFields.pattern(build);
      boolean blanksSeparate = rest.from() > nameEnd && !equalsSign;
      if (isSingleEquals(rest, clause) && !blanksSeparate) {
        clause = exact(clause);
      }
    }
    fields.version(VersionSpec.of(clause));
  }

  private static boolean isSingleEquals(Piece rest, VersionClause clause) {
    return clause instanceof VersionClause.Prefix
        && rest.text().startsWith("=")
        && !rest.text().startsWith("==")
        && !rest.text().substring(0, literalEnd(rest.text())).endsWith("*");
  }

  private static int literalEnd(String rest) {
    int i = 1;
    while (i < rest.length() && Character.isWhitespace(rest.charAt(i))) {
      i++;
    }
    while (i < rest.length() && !Character.isWhitespace(rest.charAt(i)) && rest.charAt(i) != '=') {
      i++;
    }
    return i;
  }

  private static VersionClause exact(VersionClause clause) {
    return new VersionClause.Ordered(
        VersionClause.Operator.EQUAL, ((VersionClause.Prefix) clause).start());
  }

  private static void checkBuild(Piece build) {
    if (build.isEmpty()) {
      throw build.invalid(0, "a build string is expected after '='", FORM);
    }
    if (build.text().startsWith("^")) {
      return;
    }
    for (int i = 0; i < build.text().length(); i++) {
      char c = build.text().charAt(i);
      if (!isBuildCharacter(c) && c != '*') {
        throw build.invalid(
            i,
            "a build string cannot have the character '" + c + "'",
            "Put ',' (and) or '|' (or) between two versions; a build string comes last.");
      }
    }
  }

  static boolean isBuildCharacter(char c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || "_.+-!".indexOf(c) >= 0;
  }

  private void set(MatchFields fields, Keyword keyword) {
    String key = keyword.key().text();
    if (keyword.list() && !isListKey(key)) {
      throw keyword.key().invalid(0, "the value of '" + key + "' cannot be a list", FORM);
    }
    Piece value = keyword.value();
    switch (key) {
      case "name" -> PackageName.parse(value, lenient); // the positional name wins
      case "version" ->
          fields.version(
              VersionSpec.of(
                  new VersionSpecParser(value.whole(), value.from(), value.to()).parseAll()));
      case "build", "build_string" -> fields.build = MatchFields.pattern(value);
      case "build_number" -> fields.buildNumber = MatchFields.buildNumber(value);
      case "channel" -> setChannel(fields, value, secretOf(value));
      case "subdir" -> fields.subdir = MatchFields.pattern(value);
      case "md5" -> fields.md5 = MatchFields.md5(value);
      case "sha256" -> fields.sha256 = MatchFields.sha256(value);
      case "license" -> fields.license = MatchFields.pattern(value);
      case "license_family" -> fields.licenseFamily = MatchFields.pattern(value);
      case "url" -> fields.url = UrlSecrets.removed(value.text());
      case "fn" -> fields.fileName = MatchFields.pattern(value);
      case "features" ->
          fields.features = MatchFields.words(keyword.values().stream().map(Piece::text).toList());
      case "track_features" ->
          fields.trackFeatures =
              MatchFields.words(keyword.values().stream().map(Piece::text).toList());
      case "extras" -> fields.extras = keyword.values().stream().map(SelectorNames::extra).toList();
      case "flags" -> fields.flags = keyword.values().stream().map(SelectorNames::flag).toList();
      case "when" -> fields.when(value);
      default ->
          throw keyword
              .key()
              .invalid(
                  0,
                  "there is no key '" + key + "'",
                  "There are version, build, build_number, channel, subdir, md5, sha256, url, fn,"
                      + " license, license_family, features, track_features, extras, flags, when.");
    }
  }

  private static boolean isListKey(String key) {
    return List.of("extras", "flags", "features", "track_features").contains(key);
  }

  private String secretOf(Piece value) {
    return value.whole().equals(shown) ? text.substring(value.from(), value.to()) : value.text();
  }
}
