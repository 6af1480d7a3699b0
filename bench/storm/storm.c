// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
/*
 * One thread that does one thing as fast as it can, or at a given rate, and says how often it did it and how long that took.
 *
 *   storm getppid SECONDS
 *   storm open SECONDS FILE [RATE]      open for reading and close
 *   storm contained SECONDS FILE [RATE] open in a mount namespace of its own, as in a container
 *   storm write SECONDS FILE [RATE]     open for writing and close
 *   storm exec SECONDS                  fork, exec of /bin/true, wait
 *   storm connect SECONDS PORT          connect to a closed port of 127.0.0.1
 *
 * Prints: operations nanoseconds
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void run_true(void)
{
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	int status;
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fail("/bin/true");
}

static void try_connect(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		fail("socket");
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) == 0) {
		fprintf(stderr, "the port is open\n");
		exit(1);
	}
	close(fd);
}

static void open_close(const char *file, int flags)
{
	int fd = open(file, flags | O_CLOEXEC);
	if (fd < 0)
		fail(file);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: storm getppid|open|contained|write|exec|connect SECONDS [FILE|PORT] [RATE]\n");
		return 2;
	}
	const char *kind = argv[1], *file = argc > 3 ? argv[3] : "";
	long long length = atof(argv[2]) * 1e9;
	double rate = argc > 4 ? atof(argv[4]) : 0;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(file)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (!strcmp(kind, "contained")) {
		if (unshare(CLONE_NEWNS) != 0)
			fail("unshare");
	}
	/* At a low rate one by one: a hundred at once every second are another storm. */
	int batch = !strcmp(kind, "exec") || (rate > 0 && rate < 10000) ? 1 : 100;
	long long begin = now(), end = begin + length, time = begin, count = 0;
	while (time < end) {
		/* At a rate: what is due by now, then a nap. A nap that lasts too long is caught up with. */
		if (rate > 0 && count > (time - begin) * rate / 1e9) {
			struct timespec nap = {.tv_nsec = 50000};
			nanosleep(&nap, NULL);
			time = now();
			continue;
		}
		for (int i = 0; i < batch; i++) {
			if (!strcmp(kind, "exec"))
				run_true();
			else if (!strcmp(kind, "connect"))
				try_connect(&to);
			else if (kind[0] == 'g')
				syscall(SYS_getppid);
			else
				open_close(file, kind[0] == 'w' ? O_WRONLY : O_RDONLY);
		}
		count += batch;
		time = now();
	}
	printf("%lld %lld\n", count, time - begin);
	return 0;
}
