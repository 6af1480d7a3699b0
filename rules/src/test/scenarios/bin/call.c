// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Makes one system call that busybox has no command for. Each is harmless: its arguments are wrong, or it lacks the
// capability, or it acts on a child of its own. What counts is that the kernel was asked.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int child(void) {
    int pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    return pid;
}

static void end(int pid) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static char cell[8] = "before";

static void trace(void) {
    int pid = child();
    ptrace(PTRACE_ATTACH, pid, 0, 0);
    waitpid(pid, NULL, 0);
    end(pid);
}

static void traceMe(void) {
    int pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

static void memory(int number) {
    int pid = child();
    char text[8] = "after";
    struct iovec local = {text, sizeof text}, remote = {cell, sizeof cell};
    syscall(number, pid, &local, 1, &remote, 1, 0);
    end(pid);
}

static void memoryFile(void) {
    char path[32];
    int pid = child();
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    close(open(path, O_RDONLY));
    end(pid);
}

static int copyToMemory(const char *program, unsigned flags) {
    char block[65536];
    ssize_t n;
    int from = open(program, O_RDONLY), to = syscall(SYS_memfd_create, "m", flags);
    while ((n = read(from, block, sizeof block)) > 0) {
        if (write(to, block, n) != n) {
            exit(1);
        }
    }
    close(from);
    return to;
}

// argv[2] is the program, the rest its arguments
static void runFromMemory(char **argv) {
    int fd = copyToMemory(argv[2], 0);
    char *none[] = {NULL};
    syscall(SYS_execveat, fd, "", argv + 3, none, AT_EMPTY_PATH);
}

static void runByDescriptor(char **argv) {
    char path[32], *none[] = {NULL};
    int fd = open(argv[2], O_RDONLY);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    execve(path, argv + 3, none);
}

// A local pair of sockets, so that only the kind of standard input counts.
static void shellOnSocket(void) {
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    shutdown(pair[1], SHUT_WR);
    int pid = fork();
    if (pid == 0) {
        dup2(pair[0], 0);
        execl("/bin/sh", "sh", NULL);
        _exit(1);
    }
    waitpid(pid, NULL, 0);
}

static void capabilities(unsigned bits) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{bits, bits, 0}, {0, 0, 0}};
    syscall(SYS_capset, &head, sets);
}

static void fileCapabilities(const char *file) {
    struct vfs_cap_data data = {VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, {{1 << CAP_NET_BIND_SERVICE, 0}, {0, 0}}};
    setxattr(file, "security.capability", &data, sizeof data, 0);
}

static void audit(void) {
    struct {
        struct nlmsghdr head;
        struct audit_status status;
    } message = {{sizeof message, AUDIT_SET, NLM_F_REQUEST, 1, 0}, {.mask = 0}};
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
    if (fd >= 0) {
        send(fd, &message, sizeof message, 0);
    }
}

// Strict mode: the first other call is the last one.
static void killedBySeccomp(void) {
    int pid = fork();
    if (pid == 0) {
        prctl(PR_SET_SECCOMP, 1);
        syscall(SYS_getppid);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

static void byHandle(void) {
    struct {
        unsigned bytes;
        int type;
        unsigned char handle[8];
    } handle = {8, 1, {2}};
    syscall(SYS_open_by_handle_at, AT_FDCWD, &handle, O_RDONLY);
}

/* Binds a path to another place as mount(8) does since 2.39, and takes it away again. */
static void bindByDescriptor(const char *from, const char *to) {
    int fd = syscall(SYS_open_tree, AT_FDCWD, from, 1 /* OPEN_TREE_CLONE */);
    if (syscall(SYS_move_mount, fd, "", AT_FDCWD, to, 4 /* MOVE_MOUNT_F_EMPTY_PATH */) == 0)
        syscall(SYS_umount2, to, 0);
    close(fd);
}

/* Mounts a disk that is not there as mount(8) does since 2.39. */
static void diskByDescriptor(void) {
    int fd = syscall(SYS_fsopen, "ext4", 0);
    syscall(SYS_fsconfig, fd, 1 /* FSCONFIG_SET_STRING */, "source", "/dev/vde9", 0);
    syscall(SYS_fsconfig, fd, 6 /* FSCONFIG_CMD_CREATE */, NULL, NULL, 0);
    close(fd);
}

static void connectTo(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    connect(fd, (struct sockaddr *) &address, sizeof address);
    close(fd);
}

// A listener and a client in one process; then a shell below it whose input ends at once.
static void connectThenShell(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *) &address, sizeof address);
    listen(server, 1);
    getsockname(server, (struct sockaddr *) &address, &length);
    connect(client, (struct sockaddr *) &address, sizeof address);
    int pid = fork();
    if (pid == 0) {
        close(0);
        open("/dev/null", O_RDONLY);
        execl("/bin/sh", "sh", NULL);
        _exit(1);
    }
    waitpid(pid, NULL, 0);
}

// argv[2] is the name to go by, the rest a program and its arguments
static void spawn(char **argv) {
    prctl(PR_SET_NAME, argv[2]);
    int pid = fork();
    if (pid == 0) {
        execv(argv[3], argv + 3);
        _exit(1);
    }
    waitpid(pid, NULL, 0);
}

// Nobody answers there, and without a network nobody is asked.
static void askMetadata(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(0xa9fea9fe)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(fd, (struct sockaddr *) &address, sizeof address);
    close(fd);
}

static void attributes(const char *file, unsigned long request, long bits) {
    int fd = open(file, O_RDONLY);
    ioctl(fd, FS_IOC_GETFLAGS, request == FS_IOC_GETFLAGS ? &bits : &(long) {0});
    if (request == FS_IOC_SETFLAGS) {
        ioctl(fd, FS_IOC_SETFLAGS, &bits);
        bits = 0;
        ioctl(fd, FS_IOC_SETFLAGS, &bits);
    }
    close(fd);
}

static void times(const char *file, int explicit) {
    struct timespec past[2] = {{1, 0}, {1, 0}};
    utimensat(AT_FDCWD, file, explicit ? past : NULL, 0);
}

int main(int argc, char **argv) {
    const char *call = argc > 1 ? argv[1] : "";
    char zeros[256] = {0};
#define IS(name) (strcmp(call, name) == 0)
    if (IS("ptrace")) trace();
    else if (IS("traceme")) traceMe();
    else if (IS("process_vm_writev")) memory(SYS_process_vm_writev);
    else if (IS("process_vm_readv")) memory(SYS_process_vm_readv);
    else if (IS("mem")) memoryFile();
    else if (IS("memfd")) close(copyToMemory("/proc/self/exe", 0));
    else if (IS("memfd-exec")) runFromMemory(argv);
    else if (IS("fd-exec")) runByDescriptor(argv);
    else if (IS("socket-shell")) shellOnSocket();
    else if (IS("capset-admin")) capabilities(1u << CAP_SYS_ADMIN);
    else if (IS("capset-none")) capabilities(0);
    else if (IS("file-capabilities")) fileCapabilities(argv[2]);
    else if (IS("xattr")) setxattr(argv[2], "user.note", "x", 1, 0);
    else if (IS("audit")) audit();
    else if (IS("seccomp")) killedBySeccomp();
    else if (IS("open_by_handle_at")) byHandle();
    else if (IS("name_to_handle_at")) syscall(SYS_name_to_handle_at, AT_FDCWD, "/", zeros, zeros + 128, 0);
    else if (IS("open_tree")) bindByDescriptor(argv[2], argv[3]);
    else if (IS("disk_by_descriptor")) diskByDescriptor();
    else if (IS("pivot_root")) syscall(SYS_pivot_root, "/tmp", "/tmp");
    else if (IS("init_module")) syscall(SYS_init_module, zeros, sizeof zeros, "");
    else if (IS("delete_module")) syscall(SYS_delete_module, "vigilant_none", O_NONBLOCK);
    else if (IS("kexec_load")) syscall(SYS_kexec_load, 0, 0, NULL, 0x8000UL);
    else if (IS("bpf-load")) syscall(SYS_bpf, 5, zeros, sizeof zeros);
    else if (IS("bpf")) syscall(SYS_bpf, 15, zeros, sizeof zeros);
    else if (IS("perf_event_open")) syscall(SYS_perf_event_open, zeros, 0, -1, -1, 0UL);
    else if (IS("userfaultfd")) syscall(SYS_userfaultfd, 0x40000000);
    else if (IS("keyctl")) syscall(SYS_keyctl, 0, -3, 0);
    else if (IS("io_uring_setup")) syscall(SYS_io_uring_setup, 0, zeros);
    else if (IS("no-randomize")) personality(ADDR_NO_RANDOMIZE);
    else if (IS("personality")) personality(0xffffffff);
    else if (IS("connect")) connectTo(argv[2]);
    else if (IS("connect-shell")) connectThenShell();
    else if (IS("truncate")) return truncate(argv[2], 0) == 0 ? 0 : 1;
    else if (IS("spawn")) spawn(argv);
    else if (IS("packet")) socket(AF_PACKET, SOCK_RAW, 0);
    else if (IS("raw")) socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    else if (IS("metadata")) askMetadata();
    else if (IS("attributes")) attributes(argv[2], FS_IOC_GETFLAGS, 0);
    else if (IS("immutable")) attributes(argv[2], FS_IOC_SETFLAGS, FS_IMMUTABLE_FL);
    else if (IS("times")) times(argv[2], 1);
    else if (IS("touch")) times(argv[2], 0);
    else if (IS("create-setuid")) close(open(argv[2], O_CREAT | O_WRONLY, 04755));
    else if (IS("tiocsti")) ioctl(0, TIOCSTI, "x");
    else if (IS("udp")) close(socket(AF_INET, SOCK_DGRAM, 0));
    else {
        fprintf(stderr, "call: no such call: %s\n", call);
        return 2;
    }
    return 0;
}
