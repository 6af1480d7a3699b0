// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Does things that are sensed, the same each time, in the working directory: `deeds all` one of nearly each kind, `deeds opens N NAME`
// opens NAME N times, `deeds mixed N NAME` also asks for a chroot and forks each time. Needs root. What cannot work here is asked for
// all the same: what counts is that the kernel is asked.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char zeros[256];

// Runs it in a child: what it does to itself ends with it.
static void apart(void (*deed)(void)) {
    int pid = fork();
    if (pid == 0) {
        deed();
        _exit(7);
    }
    waitpid(pid, NULL, 0);
}

static void files(void) {
    struct {
        unsigned long flags, mode, resolve;
    } how = {O_RDWR | O_CREAT, 0640, 0};
    int here = open(".", O_RDONLY | O_DIRECTORY);
    int fd = open("one", O_CREAT | O_RDWR, 0600);
    close(creat("two", 0644));
    close(syscall(SYS_openat2, here, "three", &how, sizeof how));
    close(openat(here, "one", O_PATH));
    close(openat(-7, "one", O_RDONLY));
    close(open("missing/one", O_RDONLY));
    close(open((char *) 8, O_RDONLY));
    rename("two", "four");
    renameat2(here, "three", here, "five", RENAME_NOREPLACE);
    link("one", "six");
    linkat(here, "one", here, "seven", 0);
    symlink("one", "eight");
    symlinkat("/elsewhere", here, "nine");
    close(open("eight", O_WRONLY | O_APPEND));
    unlink("six");
    mkdir("ten", 0700);
    unlinkat(here, "ten", AT_REMOVEDIR);
    mkdirat(here, "eleven", 01777);
    rmdir("eleven");
    mknod("twelve", S_IFIFO | 0600, 0);
    mknodat(here, "thirteen", S_IFIFO | 0600, 0);
    chmod("one", 04755);
    fchmod(fd, 0600);
    fchmodat(here, "one", 0644, 0);
    chown("one", 1, 2);
    fchown(fd, -1, 3);
    lchown("eight", 4, -1);
    fchownat(here, "one", 5, 6, 0);
    setxattr("one", "user.note", "x", 1, 0);
    fsetxattr(fd, "user.note", "y", 1, 0);
    removexattr("one", "user.note");
    truncate("one", 100);
    ftruncate(fd, 50);
    dup2(fd, 40);
    syscall(SYS_dup3, fd, 41, O_CLOEXEC);
    close(syscall(SYS_memfd_create, "note", MFD_CLOEXEC));
    syscall(SYS_open_by_handle_at, AT_FDCWD, zeros, O_RDONLY);
}

static void identity(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{1u << CAP_CHOWN, 1u << CAP_CHOWN, 0}, {0, 0, 0}};
    personality(ADDR_NO_RANDOMIZE);
    chroot(".");
    chroot("/missing");
    setgroups(0, NULL);
    setregid(11, 12);
    setresuid(13, 14, 15);
    setuid(0);
    syscall(SYS_capset, &head, sets);
}

static void namespaces(void) {
    int uts = open("/proc/self/ns/uts", O_RDONLY);
    unshare(CLONE_NEWUTS);
    setns(uts, 0);
    setns(0, CLONE_NEWNET);
    unshare(CLONE_NEWNS);
    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    mkdir("mounted", 0755);
    mount("some", "mounted", "tmpfs", MS_NOSUID, "size=4k");
    close(open("mounted/in", O_CREAT | O_WRONLY, 0600));
    umount2("mounted", MNT_DETACH);
    syscall(SYS_pivot_root, ".", "missing");
    syscall(SYS_move_mount, AT_FDCWD, "mounted", AT_FDCWD, "missing", 0);
    close(syscall(SYS_fsopen, "nonesuch", 0));
    close(syscall(SYS_open_tree, AT_FDCWD, ".", 1));
    rmdir("mounted");
}

static void others(void) {
    struct iovec here = {zeros, 8}, there = {zeros, 8};
    int pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    if (ptrace(PTRACE_ATTACH, pid, 0, 0) == 0) {
        waitpid(pid, NULL, 0);
        ptrace(PTRACE_DETACH, pid, 0, 0);
    }
    process_vm_readv(pid, &here, 1, &there, 1, 0);
    process_vm_writev(pid, &here, 1, &there, 1, 0);
    kill(pid, 0);
    kill(0x7ffffff0, SIGTERM);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

static void sockets(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(47113), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(47113), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
    struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0vigilant"};
    struct sockaddr_in peer;
    struct linger none = {1, 0};
    socklen_t length = sizeof peer;
    int on = 1, server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bind(server, (struct sockaddr *) &address, sizeof address);
    listen(server, 3);
    // From a port of its choice, which is free again at once.
    setsockopt(client, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(client, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    address.sin_port = htons(47114);
    bind(client, (struct sockaddr *) &address, sizeof address);
    address.sin_port = htons(47113);
    connect(client, (struct sockaddr *) &address, sizeof address);
    int accepted = accept4(server, (struct sockaddr *) &peer, &length, 0);
    close(client);
    close(accepted);
    close(socket(AF_INET, SOCK_DGRAM, 0));
    connect(socket(AF_INET6, SOCK_STREAM, 0), (struct sockaddr *) &six, sizeof six);
    connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *) &name, sizeof name);
    bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *) &abstract, offsetof(struct sockaddr_un, sun_path) + 9);
    connect(-1, (struct sockaddr *) &address, sizeof address);
    close(socket(AF_PACKET, SOCK_RAW, 0));
}

static void kernel(void) {
    syscall(SYS_init_module, zeros, sizeof zeros, "");
    syscall(SYS_finit_module, 0, "", 0);
    syscall(SYS_delete_module, "vigilant_none", O_NONBLOCK);
    syscall(SYS_bpf, 99, zeros, sizeof zeros);
    syscall(SYS_perf_event_open, zeros, 0, -1, -1, 0UL);
    syscall(SYS_keyctl, 0, -3, 0);
    syscall(SYS_add_key, "nonesuch", "note", zeros, 1, -3);
    syscall(SYS_kexec_load, 0UL, 99999UL, NULL, 0UL);
    syscall(SYS_io_uring_setup, 0, zeros);
    syscall(SYS_io_uring_register, -1, 0, NULL, 0);
}

static void programs(void) {
    char *arguments[] = {"deeds", "nothing", NULL}, *none[] = {NULL};
    execve("/missing/program", arguments, none);
    int pid = vfork();
    if (pid == 0) {
        execve("/proc/self/exe", arguments, none);
        _exit(9);
    }
    waitpid(pid, NULL, 0);
    int self = open("/proc/self/exe", O_RDONLY);
    syscall(SYS_execveat, self, "", arguments, none, AT_EMPTY_PATH);
}

static void nothing(void) {}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    int count = argc > 2 ? atoi(argv[2]) : 0;
    if (strcmp(what, "all") == 0) {
        umask(0);
        apart(files);
        apart(identity);
        apart(namespaces);
        apart(others);
        apart(sockets);
        apart(kernel);
        apart(programs);
        return 0;
    }
    for (int i = 0; i < count; i++) {
        close(open(argv[3], O_RDONLY));
        if (strcmp(what, "mixed") == 0) {
            chroot("/missing");
            apart(nothing);
        }
    }
    return 0;
}
