// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0

// Executes /bin/true with an environment that no shell makes: `environ N` with N variables that nobody asks for, among them empty
// ones and ones that begin as one that is asked for, and LD_AUDIT behind them all.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 0;
    char *arguments[] = {"/bin/true", NULL}, **variables = calloc(count + 2, sizeof *variables);
    for (int i = 0; i < count; i++) {
        static const char *kinds[] = {"", "LD_AUDIT", "LD_AUDI=%d", "LD_AUDITOR=%d", "=%d", "v%d="};
        asprintf(&variables[i], kinds[i % 6], i);
    }
    variables[count] = "LD_AUDIT=/last.so";
    execve(arguments[0], arguments, variables);
    perror("execve");
    return 1;
}
