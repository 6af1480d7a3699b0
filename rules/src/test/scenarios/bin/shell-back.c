// Connects to a port of loopback and hands a shell over in one of several ways: exec, child, pipe; or only makes the
// connection its input, or runs a harmless command through a shell.
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void onto(int fd) {
    for (int i = 0; i < 3; i++) dup2(fd, i);
}

static void shell(void) {
    execl("/bin/sh", "sh", (char *)NULL);
    _exit(1);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    fcntl(fd, F_SETFD, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return 1;
    if (strcmp(argv[1], "exec") == 0) {
        onto(fd);
        shell();
    }
    if (strcmp(argv[1], "input") == 0) {
        dup2(fd, 0);
        return 0;
    }
    if (strcmp(argv[1], "command") == 0) return system("date >/dev/null") != 0;
    int ends[2] = {-1, -1};
    if (strcmp(argv[1], "pipe") == 0 && pipe(ends) != 0) return 1;
    if (ends[0] < 0) onto(fd);
    pid_t child = fork();
    if (child == 0) {
        if (ends[0] >= 0) {
            close(ends[1]);
            dup2(ends[0], 0);
        }
        shell();
    }
    if (ends[0] >= 0) close(ends[1]);
    waitpid(child, NULL, 0);
    return 0;
}
