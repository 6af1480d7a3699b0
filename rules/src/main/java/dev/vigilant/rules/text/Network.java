// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The addresses that begin with the same bits: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 *
 * <p>Threading: any. Allocation: none for IPv4 addresses.
 */
public final class Network {
    private static final long NONE = -1;
    private static final int V4_BITS = 32;

    private final byte[] first;
    private final int bits;
    /** The address as a number, of IPv4 only. */
    private final long v4;

    private Network(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
        this.v4 = first.length == 4 ? number(first) : NONE;
    }

    /** A network that a front end has checked. */
    public static Network of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("no network: " + text));
    }

    /** An address, with {@code /bits} or without; empty when it is neither. Never asks a name server. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
        if (address.length == 0) {
            return Optional.empty();
        }
        String count = slash < 0 ? String.valueOf(address.length * 8) : text.substring(slash + 1);
        boolean fits = count.matches("[0-9]{1,3}") && Integer.parseInt(count) <= address.length * 8;
        return fits ? Optional.of(new Network(address, Integer.parseInt(count))) : Optional.empty();
    }

    /** Whether an address, written as text, lies in it. What is no address lies nowhere. */
    public boolean has(String address) {
        long other = v4(address);
        if (other == NONE) {
            return has(bytes(address));
        }
        return v4 != NONE && (bits == 0 || (v4 ^ other) >>> (V4_BITS - bits) == 0);
    }

    private boolean has(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int bit = 0x80 >> (i & 7);
            if ((address[i >> 3] & bit) != (first[i >> 3] & bit)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String text) {
        long number = v4(text);
        if (number != NONE) {
            return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        }
        // With a colon the text is taken for an IPv6 address or refused, and no name server is asked.
        if (text.indexOf(':') < 0 || !text.matches("[0-9a-fA-F:.]+")) {
            return new byte[0];
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }

    private static long number(byte[] address) {
        long number = 0;
        for (byte b : address) {
            number = number << 8 | (b & 0xff);
        }
        return number;
    }

    /** An IPv4 address as a number, {@link #NONE} for other texts. */
    private static long v4(String text) {
        long number = 0;
        int part = 0;
        int digits = 0;
        int parts = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && digits < 3) {
                part = part * 10 + c - '0';
                digits++;
            } else if (c == '.' && digits > 0 && part < 256 && parts < 4) {
                number = number << 8 | part;
                part = 0;
                digits = 0;
                parts++;
            } else {
                return NONE;
            }
        }
        return parts == 4 && digits > 0 && part < 256 ? number << 8 | part : NONE;
    }
}
