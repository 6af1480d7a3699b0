// Opens its own working directory by handle.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    struct file_handle *handle = calloc(1, sizeof *handle + MAX_HANDLE_SZ);
    int mount = 0;
    handle->handle_bytes = 8;
    if (name_to_handle_at(AT_FDCWD, ".", handle, &mount, 0) != 0) handle->handle_type = 1;
    int directory = open("/", O_RDONLY | O_DIRECTORY);
    int fd = open_by_handle_at(directory, handle, O_RDONLY);
    if (fd >= 0) close(fd);
    return 0;
}
