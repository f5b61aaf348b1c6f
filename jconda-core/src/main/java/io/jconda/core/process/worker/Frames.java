package io.jconda.core.process.worker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads and writes frames: the length of the JSON (4 bytes), the length of the blobs (8 bytes), the
 * JSON, the blobs.
 */
final class Frames {
  private static final int HEADER = Integer.BYTES + Long.BYTES;

  /** As deep as Python itself goes, and more. */
  private static final int DEEPEST = 10_000;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              // Python writes and reads NaN and Infinity as they are
              .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
              .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
              // half a surrogate pair is text to both languages, but to no encoding
              .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxStringLength(Integer.MAX_VALUE)
                      .maxNumberLength(10_000)
                      .maxNestingDepth(DEEPEST)
                      .build())
              .streamWriteConstraints(
                  StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
              .build());

  private Frames() {}

  /**
   * Makes the frame of a message.
   *
   * @throws IllegalArgumentException if it holds what cannot be sent; no trace of it stays then
   */
  static byte[] frame(Links links, Request message) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(256);
    byte[] blobs;
    try (JsonGenerator json = JSON.getFactory().createGenerator(body)) {
      ValueWriter writer = new ValueWriter(json, links);
      json.writeStartObject();
      try {
        message.write(writer);
      } catch (RuntimeException | IOException e) {
        writer.abandon();
        throw e;
      }
      writer.writeFiles();
      links.writeSettled(json);
      json.writeEndObject();
      blobs = writer.blobs();
    }
    ByteBuffer frame = ByteBuffer.allocate(Math.addExact(HEADER + body.size(), blobs.length));
    frame.putInt(body.size()).putLong(blobs.length).put(body.toByteArray()).put(blobs);
    return frame.array();
  }

  static Message read(DataInputStream in) throws IOException {
    int length = in.readInt();
    long blobs = in.readLong();
    if (length < 0 || blobs < 0 || blobs > Integer.MAX_VALUE - 16) {
      throw new IOException("A frame of %d and %d bytes is none of ours.".formatted(length, blobs));
    }
    byte[] body = exactly(in, length);
    return new Message(JSON.readTree(body), exactly(in, (int) blobs));
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  static byte[] json(Object value) throws IOException {
    return JSON.writeValueAsBytes(value);
  }
}
