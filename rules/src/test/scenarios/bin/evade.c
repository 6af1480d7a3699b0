// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Opens a file in a way that hides its name: `evade WAY PATH [w]`; for writing with w. Nothing is read or written. Fails when the file
// was not opened, so that a way that does not work is noticed. The last letter of the path must not be Z.
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRIES 2000000

static char name[PATH_MAX], directory[PATH_MAX];
static volatile int running, done;

// By the descriptor of its directory.
static int relative(const char *file, int flags) {
    int at = open(directory, O_PATH | O_DIRECTORY);
    return openat(at, file, flags);
}

// By a descriptor that was got without the right to read or write.
static int reopened(const char *path, int flags) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", open(path, O_PATH));
    return open(link, flags);
}

// In a copy of its directory's mount that is attached nowhere.
static int cloned(const char *file, int flags) {
    int tree = syscall(428 /* open_tree */, AT_FDCWD, directory, 1 /* OPEN_TREE_CLONE */);
    return openat(tree, file, flags);
}

// By a path that is as long as the kernel allows.
static int lengthy(const char *path, int flags) {
    size_t rest = strlen(path), at = 0;
    if ((PATH_MAX - 1 - rest) % 2) {
        name[at++] = '/';
    }
    while (at + rest < PATH_MAX - 1) {
        name[at++] = '/';
        name[at++] = '.';
    }
    strcpy(name + at, path);
    return open(name, flags);
}

// Into a directory whose path has more than 4096 bytes.
static int descend(void) {
    char part[251] = {0};
    memset(part, 'd', sizeof part - 1);
    for (int i = 0; i < 18; i++) {
        if (mkdir(part, 0755) != 0 || chdir(part) != 0) {
            return -1;
        }
    }
    return 0;
}

// In a directory whose path is longer than any that can be asked for, below a /proc of its own: PATH begins with /proc.
static int deep(const char *path, int flags) {
    if (descend() != 0 || mkdir("proc", 0755) != 0 || mount("proc", "proc", "proc", 0, NULL) != 0) {
        return -1;
    }
    int fd = open(path + 1, flags);
    umount2("proc", MNT_DETACH);
    return fd;
}

// A new file of the same name in a directory whose path is longer than any that can be asked for.
static int buried(const char *file, int flags) {
    return descend() == 0 ? open(file, flags | O_CREAT, 0600) : -1;
}

// Changes the name from harmful to harmless and back, under the eyes of the kernel.
static void *rewrite(void *last) {
    volatile char *letter = last;
    char harmful = *letter;
    running = 1;
    for (unsigned i = 0; !done; i++) {
        *letter = i & 64 ? 'Z' : harmful;
    }
    return NULL;
}

// A directory and a link change places.
static void *exchange(void *unused) {
    running = 1;
    while (!done) {
        syscall(SYS_renameat2, AT_FDCWD, "/tmp/evade-a", AT_FDCWD, "/tmp/evade-b", 2 /* RENAME_EXCHANGE */);
    }
    return unused;
}

static int isSame(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

// Opens a name until it was the file that is meant, and is another one right after.
static int until(const char *path, const char *asked, int flags, void *(*meanwhile)(void *), void *with) {
    pthread_t thread;
    struct stat meant, opened, after;
    int fd = -1, times = 0;
    if (stat(path, &meant) != 0 || pthread_create(&thread, NULL, meanwhile, with) != 0) {
        return -1;
    }
    while (!running) {
    }
    for (int i = 0; i < TRIES; i++) {
        fd = open(asked, flags);
        int changed = stat(asked, &after) != 0 || !isSame(&after, &meant);
        int right = fd >= 0 && fstat(fd, &opened) == 0 && isSame(&opened, &meant);
        times += right;
        if (right && changed) {
            break;
        }
        close(fd);
        fd = -1;
        sched_yield();
    }
    done = 1;
    pthread_join(thread, NULL);
    printf("%d times ", times);
    return fd;
}

// By a name that another thread rewrites meanwhile.
static int rewritten(const char *path, int flags) {
    strcpy(name, path);
    return until(path, name, flags, rewrite, name + strlen(name) - 1);
}

// By way of a directory with a harmless file of the name, whose place a link to the real one takes at times.
static int raced(const char *path, const char *file, int flags) {
    mkdir("/tmp/evade-a", 0755);
    snprintf(name, sizeof name, "/tmp/evade-a/%s", file);
    close(open(name, O_CREAT | O_WRONLY, 0600));
    if (symlink(directory, "/tmp/evade-b") != 0) {
        return -1;
    }
    return until(path, name, flags, exchange, NULL);
}

int main(int argc, char **argv) {
    const char *way = argc > 2 ? argv[1] : "", *path = argc > 2 ? argv[2] : "/";
    const char *file = strrchr(path, '/') + 1;
    int flags = argc > 3 ? O_WRONLY : O_RDONLY;
    int fd;
    memcpy(directory, path, file - path);
#define IS(word) (strcmp(way, word) == 0)
    if (IS("relative")) fd = relative(file, flags);
    else if (IS("reopened")) fd = reopened(path, flags);
    else if (IS("cloned")) fd = cloned(file, flags);
    else if (IS("lengthy")) fd = lengthy(path, flags);
    else if (IS("deep")) fd = deep(path, flags);
    else if (IS("buried")) fd = buried(file, flags);
    else if (IS("rewritten")) fd = rewritten(path, flags);
    else if (IS("raced")) fd = raced(path, file, flags);
    else {
        fprintf(stderr, "evade: no such way: %s\n", way);
        return 2;
    }
    if (fd < 0) {
        perror(way);
        return 1;
    }
    printf("%s: opened\n", way);
    return 0;
}
