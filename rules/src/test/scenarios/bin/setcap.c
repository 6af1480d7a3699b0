// Gives a file the capability to bind low ports.
#include <sys/xattr.h>
int main(int argc, char **argv) {
    const char value[20] = {1, 0, 0, 2, 0, 4};
    return argc < 2 || setxattr(argv[1], "security.capability", value, sizeof value, 0) != 0;
}
