// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.source.EnvironmentDemand;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordEnvironmentTest {
    private static final EnvironmentDemand PRELOAD = new EnvironmentDemand(false, Set.of("LD_PRELOAD"), Set.of());

    private final RecordEnvironment environments = new RecordEnvironment();

    private static byte[] exec(String byKey, String beginning) {
        return MadeRecord.of(Kind.EXEC)
                .text(Tag.ARGV, 0, "sh\0")
                .section(Tag.ENVIRONMENT, 0, byKey.getBytes(StandardCharsets.UTF_8))
                .text(Tag.TTY, 0, "pts0")
                .section(Tag.ENVIRONMENT, 1, beginning.getBytes(StandardCharsets.UTF_8))
                .bytes();
    }

    private byte[] cut(byte[] record, EnvironmentDemand demand) {
        byte[] buffer = new byte[record.length + 64];
        System.arraycopy(record, 0, buffer, 32, record.length);
        int length = environments.cut(buffer, 32, record.length, demand);
        assertThat(Arrays.copyOfRange(buffer, 32 + record.length, buffer.length))
                .containsOnly(0);
        return Arrays.copyOfRange(buffer, 32, 32 + length);
    }

    private static BpfRecord read(byte[] bytes) {
        BpfRecord record = new BpfRecord();
        assertThat(record.at(bytes, 0, bytes.length)).isTrue();
        return record;
    }

    @Test
    void keepsWhatIsAskedForAndTheRestOfTheRecord() {
        byte[] cut = cut(exec("LD_PRELOAD=/x.so\0", "TOKEN=s3cret\0LD_PRELOAD=/x.so\0HOME=/ho"), PRELOAD);

        assertThat(new String(cut, StandardCharsets.ISO_8859_1))
                .doesNotContain("TOKEN", "s3cret", "HOME")
                .contains("LD_PRELOAD=/x.so");
        BpfRecord record = read(cut);
        assertThat(RecordEnvironment.of(record)).isEqualTo(Map.of("LD_PRELOAD", "/x.so"));
        assertThat(record.text(Tag.TTY, 0)).isEqualTo("pts0");
        assertThat(record.text(Tag.ARGV, 0)).isEqualTo("sh\0");
    }

    @Test
    void keepsNothingWhenNothingIsAskedFor() {
        byte[] cut = cut(exec("LD_PRELOAD=/x.so\0", "TOKEN=s3cret\0"), EnvironmentDemand.NONE);

        assertThat(new String(cut, StandardCharsets.ISO_8859_1)).doesNotContain("TOKEN", "s3cret", "LD_PRELOAD");
        assertThat(RecordEnvironment.of(read(cut))).isEmpty();
        assertThat(read(cut).text(Tag.TTY, 0)).isEqualTo("pts0");
    }

    @Test
    void keepsEntriesThatHaveATextInWhateverCase() {
        EnvironmentDemand proxies = new EnvironmentDemand(false, Set.of(), Set.of("http_proxy"));
        byte[] cut = cut(exec("", "A=1\0HTTP_PROXY=p\0X=my http_proxy\0HTTPS_PROXY=q\0"), proxies);

        assertThat(RecordEnvironment.of(read(cut))).isEqualTo(Map.of("HTTP_PROXY", "p", "X", "my http_proxy"));
    }

    @Test
    void keepsAllWhenAllIsAskedFor() {
        byte[] record = exec("", "A=1\0B=2\0");

        assertThat(cut(record, EnvironmentDemand.WHOLE)).isEqualTo(record);
    }

    @Test
    void takesTheEntryThatIsWholeOfTwo() {
        byte[] record = exec("LD_PRELOAD=/tmp/x.so\0", "A=1\0LD_PRELOAD=/tm");

        assertThat(RecordEnvironment.of(read(record))).isEqualTo(Map.of("LD_PRELOAD", "/tmp/x.so", "A", "1"));
    }

    @Test
    void hidesNoValueOfAKeyThatComesTwice() {
        assertThat(RecordEnvironment.of(read(exec("LD_PRELOAD=\0LD_PRELOAD=/x.so\0", ""))))
                .isEqualTo(Map.of("LD_PRELOAD", " /x.so"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "=\0", "=x", "LD_PRELOAD", "\0\0\0LD_PRELOAD=1", "LD_PRELOAD=12345"})
    void takesWhateverComes(String entries) {
        byte[] cut = cut(exec(entries, entries), PRELOAD);

        assertThat(read(cut).text(Tag.TTY, 0)).isEqualTo("pts0");
    }

    @Test
    void leavesOtherRecordsAlone() {
        byte[] fork = MadeRecord.of(Kind.FORK).text(Tag.ENVIRONMENT, 0, "A=1").bytes();

        assertThat(cut(fork, EnvironmentDemand.NONE)).isEqualTo(fork);
        assertThat(environments.cut(new byte[3], 0, 3, PRELOAD)).isEqualTo(3);
    }
}
