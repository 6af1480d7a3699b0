// Makes a file in memory; with "run", copies busybox into it and runs that.
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>
int main(int argc, char **argv) {
    int fd = memfd_create("data", 0);
    if (fd < 0 || argc < 2) return 2;
    if (strcmp(argv[1], "run") != 0) return write(fd, "x", 1) == 1 ? 0 : 1;
    int program = open("/bin/busybox", O_RDONLY);
    while (sendfile(fd, program, NULL, 1 << 20) > 0) {}
    char *args[] = {"true", NULL}, *environment[] = {NULL};
    fexecve(fd, args, environment);
    return 1;
}
