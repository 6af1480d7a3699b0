// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Learns the device number of a file system that exists once in the kernel (debugfs, tracefs, securityfs), without mounting
 * it anywhere: {@code fsopen}, {@code fsconfig}, {@code fsmount}, and a look at the descriptor.
 */
public final class AnonymousMount {
    private static final long SYS_FSOPEN = 430;
    private static final long SYS_FSCONFIG = 431;
    private static final long SYS_FSMOUNT = 432;
    private static final long SYS_STATX = 332;
    private static final long SYS_STATX_ARM = 291;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_DEV_MAJOR = 136;

    private AnonymousMount() {}

    /** @return major number in the upper, minor in the lower 32 bits; empty when the kernel does not let us or has none */
    public static OptionalLong deviceOf(String fileSystem) {
        int context = -1;
        int mount = -1;
        try (Memory name = text(fileSystem);
                Memory empty = text("");
                Memory statx = new Memory(256)) {
            context = (int) Libc.syscall(SYS_FSOPEN, address(name), 0, 0, 0, 0);
            Libc.syscall(SYS_FSCONFIG, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
            mount = (int) Libc.syscall(SYS_FSMOUNT, context, 0, 0, 0, 0);
            boolean arm = System.getProperty("os.arch", "").equals("aarch64");
            Libc.syscall(arm ? SYS_STATX_ARM : SYS_STATX, mount, address(empty), AT_EMPTY_PATH, 0x7ff, address(statx));
            return OptionalLong.of((long) statx.getInt(STATX_DEV_MAJOR) << 32 | statx.getInt(STATX_DEV_MAJOR + 4));
        } catch (LastErrorException refused) {
            return OptionalLong.empty();
        } finally {
            close(mount);
            close(context);
        }
    }

    private static void close(int fd) {
        if (fd >= 0) {
            Libc.close(fd);
        }
    }

    private static long address(Memory memory) {
        return com.sun.jna.Pointer.nativeValue(memory);
    }

    private static Memory text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }
}
