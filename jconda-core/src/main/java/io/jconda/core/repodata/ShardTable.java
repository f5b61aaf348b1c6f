package io.jconda.core.repodata;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which shard each name of a subdir has, as its {@code repodata_shards.msgpack.zst} does
 * (CEP-16).
 *
 * <p>Makes no objects of the names, of which a large channel has tens of thousands: a table of the
 * places of their entries finds them in the bytes. Immutable and thread-safe.
 */
final class ShardTable {
  private static final int HASH = 32;
  // far more than chance gives; names made to collide would take for ever
  private static final int MOST_PROBES = 1 << 12;

  private final byte[] plain;

  /**
   * Where the name of an entry begins, at the slot of its hash or behind; 0 where there is none.
   */
  private final int[] slots;

  private final int size;
  private final String baseUrl;
  private final String shardsBaseUrl;

  private ShardTable(byte[] plain, int[] slots, int size, String baseUrl, String shardsBaseUrl) {
    this.plain = plain;
    this.slots = slots;
    this.size = size;
    this.baseUrl = baseUrl;
    this.shardsBaseUrl = shardsBaseUrl;
  }

  /**
   * Reads a table.
   *
   * @param plain the decompressed file; nobody changes it afterwards
   * @throws MalformedIndexException if it is no index of shards
   */
  static ShardTable read(byte[] plain) throws MalformedIndexException {
    MessagePack in = new MessagePack(plain);
    String baseUrl = "";
    String shardsBaseUrl = "";
    int @Nullable [] slots = null;
    int size = 0;
    for (int i = in.mapSize(); i > 0; i--) {
      switch (in.text()) {
        case "info" -> {
          for (int j = in.mapSize(); j > 0; j--) {
            String key = in.text();
            if (in.peek() != MessagePack.Kind.TEXT) {
              in.skip();
            } else if (key.equals("base_url")) {
              baseUrl = in.text();
            } else if (key.equals("shards_base_url")) {
              shardsBaseUrl = in.text();
            } else {
              in.skip();
            }
          }
        }
        case "shards" -> {
          size = in.mapSize();
          slots = new int[Math.max(4, Integer.highestOneBit(size) * 4)];
          size = entries(in, plain, size, slots);
        }
        default -> in.skip();
      }
    }
    if (!in.isAtEnd()) {
      throw in.malformed("there is something behind its end");
    }
    if (slots == null) {
      throw in.malformed("it has no shards");
    }
    return new ShardTable(plain, slots, size, baseUrl, shardsBaseUrl);
  }

  private static int entries(MessagePack in, byte[] plain, int count, int[] slots)
      throws MalformedIndexException {
    int size = 0;
    for (int i = 0; i < count; i++) {
      int name = in.position();
      int slot = firstSlot(in.hashOfText(), slots.length);
      if (in.peek() == MessagePack.Kind.NIL) {
        // "null is used for keys that have been removed" (CEP-16, on what is to come)
        in.skip();
        continue;
      }
      skipHash(in);
      int probes = 0;
      while (slots[slot] != 0 && !sameText(plain, slots[slot], name)) {
        slot = (slot + 1) & (slots.length - 1);
        if (++probes > MOST_PROBES) {
          throw in.malformed("too many of its names look alike");
        }
      }
      size += slots[slot] == 0 ? 1 : 0;
      slots[slot] = name;
    }
    return size;
  }

  private static void skipHash(MessagePack in) throws MalformedIndexException {
    if (in.peek() == MessagePack.Kind.BINARY) {
      int length = in.binaryLength();
      if (length == HASH) {
        in.position(in.position() + length);
        return;
      }
    }
    throw in.malformed("the hash of a shard does not have %d bytes".formatted(HASH));
  }

  /** Spreads hashes, of which those of similar names lie side by side (Fibonacci hashing). */
  private static int firstSlot(int hash, int slots) {
    return (hash * 0x9e3779b9) >>> (Integer.numberOfLeadingZeros(slots) + 1);
  }

  /** Compares the heads and bytes of two texts that were read before. */
  private static boolean sameText(byte[] plain, int one, int other) throws MalformedIndexException {
    MessagePack in = new MessagePack(plain, other, plain.length);
    in.skip();
    int length = in.position() - other;
    return Arrays.equals(
        plain, one, Math.min(one + length, plain.length), plain, other, other + length);
  }

  /** Returns how many names there are. */
  int size() {
    return size;
  }

  /** Returns the base of the archives' URLs (CEP-15), empty if the index names none. */
  String baseUrl() {
    return baseUrl;
  }

  /** Returns the base of the shards' URLs, relative to the index or absolute. */
  String shardsBaseUrl() {
    return shardsBaseUrl;
  }

  /** Returns the names, sorted. */
  List<String> names() {
    String[] names = new String[size];
    int[] filled = {0};
    forEach(in -> names[filled[0]++] = in.text());
    Arrays.sort(names);
    return Collections.unmodifiableList(Arrays.asList(names));
  }

  /** Returns the SHA-256 of all shards as lower-case hex. */
  Set<String> hashes() {
    Set<String> hashes = new HashSet<>();
    forEach(
        in -> {
          in.skip();
          hashes.add(HexFormat.of().formatHex(in.binary()));
        });
    return hashes;
  }

  private interface Reading {
    void of(MessagePack in) throws MalformedIndexException;
  }

  private void forEach(Reading reading) {
    MessagePack in = new MessagePack(plain);
    try {
      for (int place : slots) {
        if (place != 0) {
          in.position(place);
          reading.of(in);
        }
      }
    } catch (MalformedIndexException e) {
      throw changed(e);
    }
  }

  /** Returns the SHA-256 of a name's shard as lower-case hex, or null if the name has none. */
  @Nullable String hash(String name) {
    MessagePack in = new MessagePack(plain);
    try {
      int slot = firstSlot(name.hashCode(), slots.length);
      while (slots[slot] != 0) {
        in.position(slots[slot]);
        if (in.textIs(name)) {
          return HexFormat.of().formatHex(in.binary());
        }
        slot = (slot + 1) & (slots.length - 1);
      }
      return null;
    } catch (MalformedIndexException e) {
      throw changed(e);
    }
  }

  private static IllegalStateException changed(MalformedIndexException e) {
    return new IllegalStateException("An index of shards changed in memory.", e);
  }
}
