// Makes one system call of those that ordinary workloads do not make, named by the first argument, and ends.
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int is(const char *name, const char *wanted) { return strcmp(name, wanted) == 0; }

static void bpf(int command) {
    char attributes[128] = {0};
    syscall(SYS_bpf, command, attributes, sizeof attributes);
}

static void perf(void) {
    char attributes[128] = {0};
    uint32_t size = 112;
    attributes[0] = 1; // software event
    memcpy(attributes + 4, &size, sizeof size);
    syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0UL);
}

static void capabilities(int all) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    memset(sets, 0, sizeof sets);
    if (syscall(SYS_capget, &header, sets) != 0) return;
    for (int i = 0; i < 2; i++) sets[i].effective = all ? sets[i].permitted : 0;
    syscall(SYS_capset, &header, sets);
}

static void reach(pid_t pid, int writing) {
    char byte = 0;
    struct iovec here = {&byte, 1}, there = {(void *)8, 1};
    if (writing) process_vm_writev(pid, &here, 1, &there, 1, 0);
    else process_vm_readv(pid, &here, 1, &there, 1, 0);
}

static void attach(pid_t pid) {
    if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0) return;
    waitpid(pid, NULL, __WALL);
    ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

int main(int argc, char **argv) {
    const char *call = argc > 1 ? argv[1] : "";
    const char *argument = argc > 2 ? argv[2] : "0";
    char buffer[256] = {0};
    if (is(call, "bpf-load")) bpf(5);
    else if (is(call, "bpf-map")) bpf(0);
    else if (is(call, "perf")) perf();
    else if (is(call, "userfaultfd")) syscall(SYS_userfaultfd, 1);
    else if (is(call, "kexec")) syscall(SYS_kexec_load, 0UL, 99999UL, NULL, 0UL);
    else if (is(call, "keyctl")) syscall(SYS_keyctl, 0, -3, 0, 0, 0);
    else if (is(call, "io-uring")) syscall(SYS_io_uring_setup, 1, buffer);
    else if (is(call, "no-randomize")) personality(ADDR_NO_RANDOMIZE);
    else if (is(call, "persona")) personality(0xffffffff);
    else if (is(call, "ptrace")) attach(atoi(argument));
    else if (is(call, "vm-write")) reach(atoi(argument), 1);
    else if (is(call, "vm-read")) reach(atoi(argument), 0);
    else if (is(call, "capset")) capabilities(1);
    else if (is(call, "capdrop")) capabilities(0);
    else if (is(call, "packet-socket")) close(socket(AF_PACKET, SOCK_RAW, 0));
    else if (is(call, "raw-socket")) close(socket(AF_INET, SOCK_RAW, 1));
    else if (is(call, "setattr")) setxattr(argument, "user.note", "x", 1, 0);
    else if (is(call, "reboot-refused")) syscall(SYS_reboot, 1, 2, 3, 0); // wrong magic: only the right is looked at
    else return 2;
    return 0;
}
