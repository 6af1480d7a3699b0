// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document on one line. What is missing is not written, and strings, which attackers choose, are cut and
 * written in ASCII: no control character, escape sequence or direction mark reaches a terminal or log viewer.
 */
final class Json {
    /** No string is longer. */
    static final int MAX_STRING = 8 * 1024;
    /** No list is longer. */
    static final int MAX_LIST = 256;

    private static final String CUT = "[cut]";
    private static final int LAST_PRINTABLE = '~';
    private static final long NANOS = 1_000_000_000L;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final CharacterEscapes ESCAPES = new DeleteEscaped();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonGenerator out;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    /** JSON's own escapes and DEL, which Jackson takes for printable. */
    private static final class DeleteEscaped extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int DELETE = 0x7f;

        private final int[] codes = standardAsciiEscapesForJSON();

        DeleteEscaped() {
            codes[DELETE] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }

    /** What is written between the outermost braces. */
    @FunctionalInterface
    interface Body {
        void write(Json json) throws IOException;
    }

    /** A document. */
    static byte[] document(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.setHighestNonEscapedChar(LAST_PRINTABLE);
            out.setCharacterEscapes(ESCAPES);
            out.writeStartObject();
            body.write(new Json(out));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** A nested object. */
    void object(String name, Body body) throws IOException {
        out.writeObjectFieldStart(name);
        body.write(this);
        out.writeEndObject();
    }

    /** A list of objects, one for each value. */
    <T> void objects(String name, Collection<T> values, Element<T> element) throws IOException {
        out.writeArrayFieldStart(name);
        int count = 0;
        for (T value : values) {
            if (count++ == MAX_LIST) {
                break;
            }
            out.writeStartObject();
            element.write(this, value);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** Writes one element's fields. */
    @FunctionalInterface
    interface Element<T> {
        void write(Json json, T value) throws IOException;
    }

    /** A text; nothing when it is missing or empty. */
    void text(String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, cut(value, MAX_STRING));
        }
    }

    /** A list of texts, all of which together are cut too; nothing when it is empty. */
    void texts(String name, Collection<String> values) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(name);
        int left = MAX_STRING;
        int count = 0;
        for (String value : values) {
            if (left <= 0 || count++ == MAX_LIST) {
                out.writeString(CUT);
                break;
            }
            out.writeString(cut(value, left));
            left -= value.length();
        }
        out.writeEndArray();
    }

    void number(String name, long value) throws IOException {
        out.writeNumberField(name, value);
    }

    void truth(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
    }

    /** An id that is written as text, as ECS wants it; nothing when it is unset. */
    void id(String name, long value) throws IOException {
        if (value != -1) {
            out.writeStringField(name, Long.toString(value));
        }
    }

    /** A time in nanoseconds since the epoch; nothing when it is 0. */
    void time(String name, long nanos) throws IOException {
        if (nanos != 0) {
            Instant instant = Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
            out.writeStringField(name, TIME.format(instant));
        }
    }

    private static String cut(String value, int length) {
        return value.length() <= length ? value : value.substring(0, length) + CUT;
    }
}
