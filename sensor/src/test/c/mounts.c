// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Mounts by descriptors, as mount(8) does since 2.39: `mounts bind FROM TO`, `mounts move FROM TO`, `mounts path FROM TO` (by names),
// `mounts new TYPE SOURCE TO`, `mounts aim TYPE SOURCE` (all but the mount itself). What does not work is asked for all the same.
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static void attach(int mount, const char *to) {
    syscall(SYS_move_mount, mount, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH);
}

static int made(const char *type, const char *source) {
    int context = syscall(SYS_fsopen, type, 0);
    syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "source", source, 0);
    syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
    return syscall(SYS_fsmount, context, 0, 0);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        return 2;
    }
    if (strcmp(argv[1], "bind") == 0) {
        attach(syscall(SYS_open_tree, AT_FDCWD, argv[2], OPEN_TREE_CLONE), argv[3]);
    } else if (strcmp(argv[1], "move") == 0) {
        attach(open(argv[2], O_PATH), argv[3]);
    } else if (strcmp(argv[1], "path") == 0) {
        syscall(SYS_move_mount, AT_FDCWD, argv[2], AT_FDCWD, argv[3], 0);
    } else if (strcmp(argv[1], "aim") == 0) {
        made(argv[2], argv[3]);
    } else {
        attach(made(argv[2], argv[3]), argv[4]);
    }
    return 0;
}
