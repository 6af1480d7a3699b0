// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Makes system calls of another ABI than its own: `abi i386 open PATH`, `abi x32 write PATH`. Prints what the kernel answered.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// open of asm/unistd_32.h. int 0x80 takes the lower halves of the registers only, so the path has to lie below 4 GiB.
static int open32(const char *path, int flags) {
    char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    long result;
    if (low == MAP_FAILED) {
        return -errno;
    }
    strncpy(low, path, 4095);
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(5L), "b"((long) low), "c"((long) flags), "d"(0L)
                     : "memory", "r8", "r9", "r10", "r11");
    return (int) result;
}

// Where the kernel has no x32, it answers ENOSYS.
static int openX32(const char *path, int flags) {
    int result = syscall(0x40000000L | SYS_open, path, flags, 0);
    return result < 0 ? -errno : result;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "abi: i386 or x32, open or write, a path\n");
        return 2;
    }
    int flags = strcmp(argv[2], "write") == 0 ? O_WRONLY : O_RDONLY;
    int result = strcmp(argv[1], "i386") == 0 ? open32(argv[3], flags) : openX32(argv[3], flags);
    printf("%s %s: %d\n", argv[1], argv[2], result);
    return 0;
}
