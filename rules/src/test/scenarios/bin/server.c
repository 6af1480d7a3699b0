// Starts the last argument through a shell, as an exploited application server does whose program an interpreter runs.
#include <stdlib.h>
int main(int argc, char **argv) { return argc > 1 ? system(argv[argc - 1]) != 0 : 2; }
