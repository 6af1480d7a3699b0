// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Has io_uring do what a system call does: `uring open PATH`, `uring link OLD NEW`. No system call of that name is made.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct how {
    uint64_t flags, mode, resolve;
};

static uint64_t address(const void *p) { return (uintptr_t) p; }

// Submits one entry and waits for its completion; returns what the call of the same name would, or a negated errno.
static int submit(const struct io_uring_sqe *entry) {
    struct io_uring_params params = {0};
    int ring = syscall(SYS_io_uring_setup, 1, &params);
    if (ring < 0) {
        perror("io_uring_setup");
        return 1;
    }
    size_t submissions = params.sq_off.array + params.sq_entries * sizeof(uint32_t);
    size_t completions = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    int both = PROT_READ | PROT_WRITE;
    char *sq = mmap(NULL, submissions, both, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    char *cq = mmap(NULL, completions, both, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
    struct io_uring_sqe *entries = mmap(NULL, sizeof *entries, both, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
    entries[0] = *entry;
    ((uint32_t *) (sq + params.sq_off.array))[0] = 0;
    __atomic_store_n((uint32_t *) (sq + params.sq_off.tail), 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) {
        perror("io_uring_enter");
        return 1;
    }
    return ((struct io_uring_cqe *) (cq + params.cq_off.cqes))->res;
}

int main(int argc, char **argv) {
    const char *operation = argc > 1 ? argv[1] : "";
    const char *first = argc > 2 ? argv[2] : "", *second = argc > 3 ? argv[3] : "";
    struct io_uring_sqe entry = {.fd = AT_FDCWD, .addr = address(first)};
    struct how how = {0};
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(80)};
#define IS(name) (strcmp(operation, name) == 0)
    if (IS("open") || IS("write")) {
        entry.opcode = IORING_OP_OPENAT;
        entry.open_flags = IS("open") ? O_RDONLY : O_WRONLY;
    } else if (IS("open2") || IS("write2")) {
        entry.opcode = IORING_OP_OPENAT2;
        how.flags = IS("open2") ? O_RDONLY : O_WRONLY;
        entry.len = sizeof how;
        entry.off = address(&how);
    } else if (IS("rename") || IS("link")) {
        entry.opcode = IS("rename") ? IORING_OP_RENAMEAT : IORING_OP_LINKAT;
        entry.len = AT_FDCWD;
        entry.off = address(second);
    } else if (IS("symlink")) {
        entry.opcode = IORING_OP_SYMLINKAT;
        entry.off = address(second);
    } else if (IS("unlink")) {
        entry.opcode = IORING_OP_UNLINKAT;
    } else if (IS("mkdir")) {
        entry.opcode = IORING_OP_MKDIRAT;
        entry.len = 0755;
    } else if (IS("connect")) {
        inet_pton(AF_INET, first, &peer.sin_addr);
        entry.opcode = IORING_OP_CONNECT;
        entry.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        entry.addr = address(&peer);
        entry.off = sizeof peer;
    } else {
        fprintf(stderr, "uring: no such operation: %s\n", operation);
        return 2;
    }
    printf("%s: %d\n", operation, submit(&entry));
    return 0;
}
