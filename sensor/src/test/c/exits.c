// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// `exits each N THREADS`: N processes one after the other, whose threads all end at the same moment, each by itself and with a status of
// its own; `exits all N THREADS`: one thread ends them all. Prints the pid of each process and what wait said of it.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_barrier_t together;
static int each;

static void *end(void *status) {
    pthread_barrier_wait(&together);
    // Not pthread_exit: the fewer steps lie between, the closer they end.
    if (each || status == (void *) 1) syscall(each ? SYS_exit : SYS_exit_group, status);
    pause();
    return NULL;
}

static void *begin(void *status) {
    prctl(PR_SET_NAME, "thread", 0, 0, 0);
    return end(status);
}

static void live(int threads) {
    pthread_barrier_init(&together, NULL, threads);
    for (long status = 1; status < threads; status++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, begin, (void *) status)) _exit(100);
    }
    end(NULL);
}

int main(int argc, char **argv) {
    if (argc != 4) return 1;
    each = !strcmp(argv[1], "each");
    for (int left = atoi(argv[2]); left > 0; left--) {
        int status, pid = fork();
        if (pid == 0) live(atoi(argv[3]));
        if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return 2;
        printf("%d %d\n", pid, WEXITSTATUS(status));
    }
    return 0;
}
