// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final int ROUNDS = 2000;
    private static final long[] EDGES = {
        0, 1, 9, 10, 99, 100, -1, -10, 1_000_000_000L, 999_999_999L, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final Json json = new Json();

    @Test
    void writesTextsInPrintableAsciiAndLosesNothing() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS; i++) {
            String value = 'x' + text(random, 300);
            String document = written(j -> j.text("name", value));

            assertThat(document).matches("[ -~]*");
            assertThat(new ObjectMapper().readTree(document).get("name").textValue())
                    .isEqualTo(value);
        }
    }

    /** Of all sorts: ASCII, control characters, other scripts, halves of surrogate pairs. */
    private static String text(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(longest);
        for (int i = 0; i < length; i++) {
            int most = random.nextInt(10) > 0 ? 0x80 : 0x10000;
            text.append((char) random.nextInt(most));
        }
        return text.toString();
    }

    @Test
    void writesNumbersAndTimesAsJavaDoes() {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                .withZone(ZoneOffset.UTC);
        Random random = new Random(2);
        for (int i = 0; i < ROUNDS; i++) {
            long value = i < EDGES.length ? EDGES[i] : random.nextLong() >> random.nextInt(64);
            Instant instant =
                    Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000_000L), Math.floorMod(value, 1_000_000_000L));
            assertThat(written(j -> j.number("n", value))).isEqualTo("{\"n\":" + value + "}");
            assertThat(written(j -> j.numeral("n", value))).isEqualTo("{\"n\":\"" + value + "\"}");
            assertThat(written(j -> j.time("t", value)))
                    .isEqualTo(value == 0 ? "{}" : "{\"t\":\"" + format.format(instant) + "\"}");
        }
    }

    @Test
    void separatesFieldsWhereverTheyComeFrom() throws IOException {
        byte[][] kept = new byte[2][];
        String document = written(j -> {
            int empty = j.mark();
            kept[0] = j.since(empty);
            j.fields(kept[0]);
            j.object("none", o -> {});
            int from = j.mark();
            j.text("a", "[");
            j.texts("b", List.of("{", "x"));
            kept[1] = j.since(from);
            int to = j.mark();
            j.object("again", o -> {
                o.again(from, to);
                o.again(empty, empty);
            });
            j.objects("list", List.of(1, 2), (o, number) -> {
                o.fields(kept[1]);
                o.number("c", number);
            });
        });

        assertThat(document)
                .isEqualTo(
                        "{\"none\":{},\"a\":\"[\",\"b\":[\"{\",\"x\"],\"again\":{\"a\":\"[\",\"b\":[\"{\",\"x\"]},"
                                + "\"list\":[{\"a\":\"[\",\"b\":[\"{\",\"x\"],\"c\":1},{\"a\":\"[\",\"b\":[\"{\",\"x\"],\"c\":2}]}");
        assertThat(new ObjectMapper().readTree(document).size()).isEqualTo(5);
    }

    @Test
    void beginsAnewAfterADocumentThatFailed() {
        assertThatThrownBy(() -> json.document(j -> {
                    j.text("half", "of it");
                    throw new IllegalStateException("x");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(written(j -> j.truth("whole", true))).isEqualTo("{\"whole\":true}");
    }

    private String written(Json.Body body) {
        return new String(json.document(body), StandardCharsets.US_ASCII);
    }
}
