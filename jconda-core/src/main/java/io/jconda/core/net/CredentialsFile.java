package io.jconda.core.net;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.CondaException;
import io.jconda.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file of credentials: a JSON object whose keys are places and whose values are credentials
 * as rattler writes them ({@code {"BearerToken": "…"}}, {@code {"CondaToken": "…"}}, {@code
 * {"BasicHTTP": {"username": "…", "password": "…"}}}) or as mamba does ({@code {"type":
 * "BasicHTTPAuthentication", "user": "…", "password": "<base64>"}}, {@code "CondaToken"} and {@code
 * "BearerToken"} with {@code "token"}). Credentials of other kinds open nothing.
 *
 * <p>Sources: rattler's {@code authentication_storage}, mamba's {@code core/context.cpp}.
 */
final class CredentialsFile {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialsFile.class);

  private CredentialsFile() {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @param required whether its absence is an error; else it has no credentials then
   * @throws CondaException if it cannot be read or is no such file
   */
  static List<Credential> read(Path file, boolean required) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      if (!required) {
        return List.of();
      }
      throw new CondaException(
          "There is no credentials file %s.".formatted(file), "Give the right path.", e);
    } catch (IOException e) {
      throw new CondaException(
          "The credentials file %s cannot be read (%s).".formatted(file, e.getClass().getName()),
          "Check its owner and permissions.",
          e);
    }
    return parse(file, bytes);
  }

  private static List<Credential> parse(Path file, byte[] bytes) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(bytes);
    } catch (JsonProcessingException e) {
      // its text quotes the file, whose lines are secrets
      throw broken(file, "line %d is no JSON".formatted(e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw broken(file, "it is no JSON");
    }
    if (!root.isObject()) {
      throw broken(file, "it is no JSON object");
    }
    List<Credential> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      credential(file, entry.getKey(), entry.getValue(), found);
    }
    return found;
  }

  private static void credential(Path file, String where, JsonNode value, List<Credential> into) {
    try {
      CredentialScope.of(where);
    } catch (IllegalArgumentException e) {
      LOG.debug("{} has a key that is no host or URL; it is skipped.", file);
      return;
    }
    if (value.has("type")) {
      ofMamba(file, where, value, into);
    } else if (value.path("BearerToken").isTextual()) {
      into.add(new Credential.Bearer(where, value.path("BearerToken").asText()));
    } else if (value.path("CondaToken").isTextual()) {
      into.add(new Credential.PathToken(where, value.path("CondaToken").asText()));
    } else if (value.path("BasicHTTP").isObject()) {
      JsonNode basic = value.path("BasicHTTP");
      into.add(
          new Credential.Basic(
              where, basic.path("username").asText(), basic.path("password").asText()));
    } else {
      LOG.debug("{} has credentials for {} of a kind that is not known.", file, where);
    }
  }

  private static void ofMamba(Path file, String where, JsonNode value, List<Credential> into) {
    String token = value.path("token").asText();
    switch (value.path("type").asText()) {
      case "CondaToken" -> into.add(new Credential.PathToken(where, token));
      case "BearerToken" -> into.add(new Credential.Bearer(where, token));
      case "BasicHTTPAuthentication" -> {
        String password;
        try {
          byte[] bytes = Base64.getMimeDecoder().decode(value.path("password").asText());
          password = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          throw broken(file, "the password for %s is no base64".formatted(where));
        }
        into.add(new Credential.Basic(where, value.path("user").asText(), password));
      }
      default -> LOG.debug("{} has credentials for {} of a kind that is not known.", file, where);
    }
  }

  private static CondaException broken(Path file, String why) {
    return new CondaException(
        "The credentials file %s cannot be used: %s.".formatted(file, why),
        "Mend it; docs/channels.md shows its form.");
  }
}
