// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private static Fields of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Fields fields = new Fields();
        fields.parse(bytes, 0, bytes.length);
        return fields;
    }

    @Test
    void readsPlainQuotedAndEncodedValues() {
        Fields fields = of(" pid=12 comm=\"with blank\" exe=2F62696E2F6120E282AC name=\"\" tty=pts/0");

        assertThat(fields.number("pid", -1)).isEqualTo(12);
        assertThat(fields.text("comm")).isEqualTo("with blank");
        assertThat(fields.text("exe")).isEqualTo("/bin/a €");
        assertThat(fields.text("name")).isEmpty();
        assertThat(fields.text("tty")).isEqualTo("pts/0");
    }

    @ParameterizedTest
    @CsvSource({"name=(null)", "name=?", "tty=(none)", "other=1"})
    void absentValueIsNull(String text) {
        assertThat(of(text).text(text.startsWith("tty") ? "tty" : "name")).isNull();
    }

    @Test
    void onlyEncodedKeysAreDecoded() {
        assertThat(of("old=10").text("old")).isEqualTo("10");
        assertThat(of("key=6162").text("key")).isEqualTo("ab");
        assertThat(of("key=616").text("key")).isEqualTo("616");
        assertThat(of("name=plain").text("name")).isEqualTo("plain");
    }

    @Test
    void whatIsEncodedMayBeLong() {
        String longText = "a b".repeat(1000);
        String hex = HexFormat.of().formatHex(longText.getBytes(StandardCharsets.UTF_8));

        assertThat(of("name=" + hex).text("name")).isEqualTo(longText);
        assertThat(of("name=" + hex).hexBytes("name"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(longText);
        assertThat(of("a0=" + hex).encodedBytes(0))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(longText);
    }

    @Test
    void brokenUtf8IsReplaced() {
        assertThat(of("name=FF41").text("name")).isEqualTo("\uFFFDA");
    }

    @Test
    void readsNumbersOfEachBase() {
        Fields fields =
                of("a0=ffffffffffffff9c mode=0100644 code=0x7ffc0000 exit=-13 bad=x1 huge=99999999999999999999999");

        assertThat(fields.number("a0", 16, 0)).isEqualTo(-100);
        assertThat(fields.number("mode", 8, 0)).isEqualTo(0100644);
        assertThat(fields.number("code", 0)).isEqualTo(0x7ffc0000L);
        assertThat(fields.number("exit", 0)).isEqualTo(-13);
        assertThat(fields.number("bad", 7)).isEqualTo(7);
        assertThat(fields.number("huge", 7)).isEqualTo(7);
        assertThat(fields.number("none", 7)).isEqualTo(7);
    }

    @Test
    void stopsWhereAuditdBeganToInterpret() {
        Fields fields = of("arch=c000003e uid=0\u001dARCH=x86_64 UID=\"root\" AUID=\"unset\"");

        assertThat(fields.all()).containsOnlyKeys("arch", "uid");
    }

    @Test
    void readsInsideTheMessageOfAProgram() {
        Fields fields = of("pid=1 uid=0 msg='op=PAM:session_open grantors=pam_a,pam_b acct=\"root\" exe=\"/usr/bin/su\""
                + " hostname=? addr=? terminal=pts/1 res=success'");

        assertThat(fields.all())
                .containsEntry("op", "PAM:session_open")
                .containsEntry("grantors", "pam_a,pam_b")
                .containsEntry("acct", "root")
                .containsEntry("exe", "/usr/bin/su")
                .containsEntry("res", "success")
                .doesNotContainKey("hostname");
    }

    @Test
    void whatTheKernelSaidGoesBeforeWhatAProgramSays() {
        assertThat(of("pid=7 uid=0 msg='op=x pid=1 uid=1000 res=success'").number("pid", 0))
                .isEqualTo(7);
    }

    @Test
    void aRepeatedKeyHasItsFirstValueHoweverManyKeysThereAre() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            Map<String, String> first = new HashMap<>();
            int size = random.nextInt(200);
            for (int i = 0; i < size; i++) {
                String key = "k".repeat(random.nextInt(2)) + random.nextInt(60) + "x".repeat(random.nextInt(3));
                text.append(' ').append(key).append('=').append(i);
                first.putIfAbsent(key, String.valueOf(i));
            }
            Fields fields = of(text.toString());
            first.forEach((key, value) -> {
                assertThat(fields.raw(key)).as(key).isEqualTo(value);
                assertThat(fields.number(key, -1)).isEqualTo(Long.parseLong(value));
            });
            assertThat(fields.raw("none")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fe:10,254,16",
        "00:2c,0,44",
        "7fffffff:0,2147483647,0",
        ":1,-1,-1",
        "1,-1,-1",
        "x:1,-1,1",
        "1:,1,-1",
        "80000000:1,-1,1"
    })
    void readsNumbersOfDevices(String device, int major, int minor) {
        Fields fields = of("dev=" + device);

        assertThat(fields.major("dev")).isEqualTo(major);
        assertThat(fields.minor("dev")).isEqualTo(minor);
        assertThat(fields.major("rdev")).isEqualTo(-1);
    }

    @Test
    void readsPermissionsOfSelinux() {
        Fields fields = of("avc:  denied  { read write } for  pid=5 comm=\"x\" scontext=a:b tclass=file permissive=0");

        assertThat(fields.denied()).isTrue();
        assertThat(fields.braces()).isEqualTo("read write");
        assertThat(fields.text("tclass")).isEqualTo("file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "==", "a=", "=b", "\"", "a=\"", "{", "msg='", "a=b=c", "  ", "'''", "a='b", "{}}{"})
    void oddTextDoesNoHarm(String text) {
        assertThat(of(text).all()).isNotNull();
    }
}
