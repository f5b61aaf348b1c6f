package io.jconda.cache;

import io.jconda.spec.PackageRecord;
import java.time.Instant;

/**
 * Describes a package that lies in the store.
 *
 * @param record the package as its archive has it, with the SHA-256 and the URL that it came from
 * @param bytes how large its files are together
 * @param ownBytes how large those are that no other package in the store has: what removing it sets
 *     free, unless an environment links them
 * @param lastUsed when an operation last asked for it, to the day
 * @param used whether an environment links its files, or is known to have it
 */
public record CachedPackage(
    PackageRecord record, long bytes, long ownBytes, Instant lastUsed, boolean used) {}
