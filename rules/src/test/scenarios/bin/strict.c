// Puts itself under strict seccomp and breaks its rules.
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void) {
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    getpid();
    return 0;
}
