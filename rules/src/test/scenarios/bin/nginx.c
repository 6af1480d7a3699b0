// Starts a command through a shell, as an exploited server does; with -x runs a program without one.
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (argc == 2) return system(argv[1]) != 0;
    if (argc != 3 || strcmp(argv[1], "-x") != 0) return 2;
    pid_t child = fork();
    if (child == 0) {
        execl(argv[2], argv[2], (char *)NULL);
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status != 0;
}
