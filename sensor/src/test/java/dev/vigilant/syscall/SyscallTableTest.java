// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyscallTableTest {
    @ParameterizedTest
    @CsvSource({
        "c000003e, 59, execve",
        "c000003e, 462, mseal",
        "c000003e, 469, file_setattr",
        "c000003e, 1073741826, open",
        "40000003, 11, execve",
        "40000003, 102, socketcall",
        "40000003, 452, fchmodat2",
        "c00000b7, 221, execve",
        "c00000b7, 56, openat",
        "c00000b7, 467, open_tree_attr"
    })
    void namesSyscallsByArchitecture(String arch, int number, String name) {
        assertThat(SyscallTable.name(Integer.parseUnsignedInt(arch, 16), number))
                .isEqualTo(name);
    }

    @Test
    void unknownSyscallHasNoName() {
        assertThat(SyscallTable.name(SyscallTable.X86_64, 9999)).isNull();
        assertThat(SyscallTable.name(0x1234, 1)).isNull();
        assertThat(SyscallTable.archName(0x1234)).isEqualTo("1234");
    }
}
