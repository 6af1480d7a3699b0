// Waits under the name of a security program.
#include <unistd.h>
int main(void) { return sleep(5) != 0; }
