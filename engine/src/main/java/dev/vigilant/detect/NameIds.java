// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * UUIDs made of names, version 3 of RFC 9562, as {@link UUID#nameUUIDFromBytes} makes them; that one looks its digest up anew each
 * time.
 *
 * <p>Threading: one.
 */
final class NameIds {
    private static final long VERSION_MASK = 0xf000L;
    private static final long VERSION = 0x3000L;
    private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final MessageDigest md5;

    NameIds() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    String of(String name) {
        ByteBuffer digest = ByteBuffer.wrap(md5.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (digest.getLong() & ~VERSION_MASK) | VERSION;
        long low = (digest.getLong() & ~VARIANT_MASK) | VARIANT;
        return new UUID(high, low).toString();
    }
}
