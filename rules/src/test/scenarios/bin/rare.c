// Does one of the things that ordinary programs do not do, named by the first argument, and ends. Each is harmless: it
// changes nothing but attributes of the file that it is given.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static int is(const char *name, const char *wanted) { return strcmp(name, wanted) == 0; }

static void withoutArguments(const char *program) {
    char *none[] = {NULL};
    execve(program, none, none);
}

/* An ordinary user that keeps the right to change users, and runs this program again. */
static void keepRight(const char *self) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    memset(sets, 0, sizeof sets);
    sets[0].effective = sets[0].permitted = sets[0].inheritable = 1u << CAP_SETUID;
    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
    if (setresuid(1000, 1000, 1000) != 0 || syscall(SYS_capset, &header, sets) != 0) return;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID, 0, 0);
    execl("/bin/sh", "sh", "-c", "$0 root; true", self, (char *)NULL);
}

static void reach(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    connect(fd, (struct sockaddr *)&address, sizeof address);
    close(fd);
}

static void asUser(char **program) {
    if (setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0) execv(program[0], program);
}

int main(int argc, char **argv) {
    const char *deed = argc > 1 ? argv[1] : "", *argument = argc > 2 ? argv[2] : "";
    if (is(deed, "socket")) close(socket(atoi(argument), SOCK_SEQPACKET, 0));
    else if (is(deed, "attribute") && argc > 3) setxattr(argument, argv[3], "\2\0\0\0", 4, 0);
    else if (is(deed, "open")) close(open(argument, O_RDONLY));
    else if (is(deed, "connect")) reach(atoi(argument));
    else if (is(deed, "without-arguments")) withoutArguments(argument);
    else if (is(deed, "keep-right")) keepRight(argv[0]);
    else if (is(deed, "root")) return setresuid(0, 0, 0) != 0;
    else if (is(deed, "as-user")) asUser(argv + 2);
    else return 2;
    return 0;
}
