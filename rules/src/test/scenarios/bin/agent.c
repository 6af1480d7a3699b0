// Fetches what a port of loopback sends into a file.
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int from = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(from, (struct sockaddr *)&address, sizeof address) != 0) return 1;
    int to = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644);
    char buffer[65536];
    for (ssize_t n; (n = read(from, buffer, sizeof buffer)) > 0;) {
        if (write(to, buffer, n) != n) return 1;
    }
    return 0;
}
