// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.syscall.SyscallTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The programs' table of calls that x32 numbers apart, beside the C library's header. Few kernels have x32 to try it on. */
class X32CallsTest {
    private static final Path HEADER = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_x32.h");
    private static final int FIRST = 512;

    @Test
    void eachStandsForTheCallOfTheSameName() throws Exception {
        assumeTrue(Files.exists(HEADER), "needs linux-libc-dev of x86-64");
        Map<Integer, String> names = new TreeMap<>();
        Matcher header = Pattern.compile("__NR_(\\w+) \\(__X32_SYSCALL_BIT \\+ (\\d+)\\)")
                .matcher(Files.readString(HEADER));
        while (header.find()) {
            int number = Integer.parseInt(header.group(2));
            if (number >= FIRST) {
                names.put(number - FIRST, header.group(1));
            }
        }
        Matcher source = Pattern.compile("x32_calls\\[X32_COUNT] = \\{([^}]*)}")
                .matcher(Files.readString(Path.of("src/main/bpf/syscall.h")));
        assertThat(source.find()).isTrue();
        List<String> table = List.of(source.group(1).trim().split("[,\\s]+", -1)).stream()
                .filter(number -> !number.isEmpty())
                .map(number -> String.valueOf(SyscallTable.name(SyscallTable.X86_64, Integer.parseInt(number))))
                .toList();

        assertThat(names).hasSizeGreaterThan(30);
        names.forEach((place, name) -> assertThat(table.get(place)).isEqualTo(name));
        assertThat(table).hasSize(names.size());
    }
}
