// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComponentsTest {
    private final Components components = new Components();

    private static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Components.hash(bytes, bytes.length);
    }

    /** Computed by another program from the words of path.h. */
    @Test
    void hashIsThatOfLengthAndFirst40Bytes() {
        assertThat(hash("")).isZero();
        assertThat(hash("shadow")).isEqualTo(0x3ec9e148512737d4L);
        assertThat(hash("12345678")).isEqualTo(0x4f0af08f98573ec2L);
        assertThat(hash("\u00e4")).isEqualTo(0xd1cd9a6220c82cf0L);
        assertThat(hash("a".repeat(40))).isEqualTo(0x7dfb6443728b1772L);
        assertThat(hash("a".repeat(39) + "bcd")).isEqualTo(0xe3ddbd2afc8791caL);
    }

    @Test
    void namesThatDifferBehindTheirFirst40BytesAreOne() {
        assertThat(hash("a".repeat(40) + "x"))
                .isEqualTo(hash("a".repeat(40) + "y"))
                .isNotEqualTo(hash("a".repeat(40)));
    }

    @Test
    void eachSetHasItsBitAndTheSameSetTheSame() {
        long shadow = components.components(Set.of("shadow", "gshadow"));
        long token = components.components(Set.of("token", "shadow"));

        assertThat(Long.bitCount(shadow)).isOne();
        assertThat(Long.bitCount(token)).isOne();
        assertThat(shadow).isNotEqualTo(token);
        assertThat(components.components(Set.of("gshadow", "shadow"))).isEqualTo(shadow);
        assertThat(components.components(Set.of())).isZero();
        assertThat(components.bits())
                .containsEntry(hash("shadow"), shadow | token)
                .containsEntry(hash("gshadow"), shadow)
                .containsEntry(hash("token"), token)
                .hasSize(3);
    }

    @Test
    void moreThan64SetsShareBitsAndNoneIsWithout() {
        List<Long> bits = IntStream.range(0, 70)
                .mapToObj(i -> components.components(Set.of("n" + i)))
                .toList();

        assertThat(bits).doesNotContain(0L);
        assertThat(bits.get(64)).isEqualTo(bits.get(0));
        IntStream.range(0, 70)
                .forEach(i -> assertThat(components.bits().get(hash("n" + i)) & bits.get(i))
                        .isNotZero());
    }

    /** Computed by another program. */
    @Test
    void candidatesAreLengthAndFirst8Bytes() {
        components.components(Set.of("shadow", "sh\u00e4dow", "\u00e4"));

        assertThat(components.candidates()).containsExactly(4018, 7877, 13427);
    }

    @Test
    void namesOfProcessesAreCutAsTheKernelCutsThemAndAnyMayBeNameless() {
        long bit = components.programs(Set.of("kube-controller-manager", "cat"));

        assertThat(components.programs(Set.of())).isZero();
        assertThat(components.bits())
                .containsOnly(
                        Map.entry(program("cat"), bit),
                        Map.entry(program("exe"), bit),
                        Map.entry(program("kube-controller"), bit));
        assertThat(components.components(Set.of("cat"))).isEqualTo(1L);
    }

    private static long program(String name) {
        return Components.hash(name.getBytes(StandardCharsets.UTF_8), Components.PROGRAM_LENGTH);
    }

    @Test
    void typesOfFileSystemsAreNoComponents() {
        long overlay = components.fileSystems(Set.of("overlay"));

        assertThat(overlay).isNotZero();
        assertThat(components.components(Set.of("overlay"))).isNotZero().isNotEqualTo(overlay);
        assertThat(components.bits()).containsEntry(0xdc9067c1aa4fb7aeL, overlay);
        assertThat(components.candidates()).containsExactly(760);
    }
}
