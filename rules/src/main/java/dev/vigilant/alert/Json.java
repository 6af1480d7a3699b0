// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON documents, each on one line. What is missing is not written, and strings, which attackers choose, are cut and
 * written in ASCII: no control character, escape sequence or direction mark reaches a terminal or log viewer.
 *
 * <p>Threading: one thread, one document at a time. Allocation: the document, once there is room for the longest so far.
 */
final class Json {
    /** No string is longer. */
    static final int MAX_STRING = 8 * 1024;
    /** No list is longer. */
    static final int MAX_LIST = 256;

    private static final String CUT = "[cut]";
    private static final int LAST_PRINTABLE = '~';
    private static final long NANOS = 1_000_000_000L;
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().rootValueSeparator((String) null).build();
    private static final CharacterEscapes ESCAPES = new DeleteEscaped();
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

    private Room room = new Room();
    private JsonGenerator out = generator(room);
    private long second = Long.MIN_VALUE;
    private String secondText = "";

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

    /** Where documents are written. */
    private static final class Room extends ByteArrayOutputStream {
        private static final int USUAL = 16 * 1024;
        /** After a longer document the room is given back. */
        private static final int MOST = 256 * 1024;

        Room() {
            super(USUAL);
        }

        boolean isLarge() {
            return buf.length > MOST;
        }

        /** Where the first field after a comma begins. */
        int start(int from) {
            return from < count && buf[from] == ',' ? from + 1 : from;
        }

        byte[] copy(int from) {
            return Arrays.copyOfRange(buf, from, count);
        }

        void again(int from, int to) {
            write(buf, from, to - from);
        }
    }

    private static JsonGenerator generator(Room room) {
        try {
            return FACTORY.createGenerator(room)
                    .setHighestNonEscapedChar(LAST_PRINTABLE)
                    .setCharacterEscapes(ESCAPES);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory failed", e);
        }
    }

    /** What is written between two braces. */
    @FunctionalInterface
    interface Body {
        void write(Json json) throws IOException;
    }

    /** A document. */
    byte[] document(Body body) {
        boolean whole = false;
        try {
            out.writeStartObject();
            body.write(this);
            out.writeEndObject();
            out.flush();
            byte[] document = room.toByteArray();
            room.reset();
            whole = !room.isLarge();
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory failed", e);
        } finally {
            if (!whole) {
                room = new Room();
                out = generator(room);
            }
        }
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

    /** A number that is written as text. */
    void numeral(String name, long value) throws IOException {
        out.writeStringField(name, Long.toString(value));
    }

    /** An id that is written as text, as ECS wants it; nothing when it is unset. */
    void id(String name, long value) throws IOException {
        if (value != -1) {
            numeral(name, value);
        }
    }

    /** A time in nanoseconds since the epoch; nothing when it is 0. */
    void time(String name, long nanos) throws IOException {
        if (nanos == 0) {
            return;
        }
        long seconds = Math.floorDiv(nanos, NANOS);
        if (seconds != second) {
            secondText = SECOND.format(Instant.ofEpochSecond(seconds));
            second = seconds;
        }
        String fraction = Long.toString(NANOS + Math.floorMod(nanos, NANOS)).substring(1);
        out.writeStringField(name, secondText + fraction + "Z");
    }

    /** Where the next field will begin; for {@link #since} and {@link #again}. */
    int mark() throws IOException {
        out.flush();
        return room.size();
    }

    /** The fields that were written since a mark, for {@link #fields}. */
    byte[] since(int mark) throws IOException {
        out.flush();
        return room.copy(room.start(mark));
    }

    /** Fields as {@link #since} gave them. */
    void fields(byte[] encoded) throws IOException {
        if (encoded.length > 0) {
            begin();
            room.write(encoded, 0, encoded.length);
        }
    }

    /** The fields between two marks of this document once more. */
    void again(int from, int to) throws IOException {
        int start = room.start(from);
        if (start < to) {
            begin();
            room.again(start, to);
        }
    }

    /** Lets Jackson take the encoded fields that follow for one that it wrote. */
    private void begin() throws IOException {
        JsonWriteContext context = (JsonWriteContext) out.getOutputContext();
        boolean after = context.writeFieldName("") == JsonWriteContext.STATUS_OK_AFTER_COMMA;
        context.writeValue();
        out.flush();
        if (after) {
            room.write(',');
        }
    }

    private static String cut(String value, int length) {
        return value.length() <= length ? value : value.substring(0, length) + CUT;
    }
}
