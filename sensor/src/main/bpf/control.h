/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the daemon tells the programs, in memory that both see: which calls are wanted, and what is taken along with them.
 * All of it is derived from the loaded rules and may change while the programs run; no list is kept here. The layout is
 * ControlTables.java's as well.
 *
 * A system call has alternatives, one for each way in which a rule may want it; it is sensed when one of them may hold. What
 * cannot be decided here (a name behind a regular expression, a parent's name) is left to the rules.
 */
#pragma once

#define PLANS 1024
/* 32-bit system calls lie behind the 64-bit ones. */
#define COMPAT_PLANS 512
#define FETCHES 8 /* this, PLANS and ALTERNATIVES are powers of two: a mask is what the verifier understands */
#define ALTERNATIVES 32
#define TESTS 32

enum fetch_op {
	FETCH_NONE,
	FETCH_TEXT,       /* a string */
	FETCH_PATH,       /* a path; more: the argument of its directory descriptor, or NO_ARGUMENT */
	FETCH_FILE,       /* the file of a descriptor */
	FETCH_NEW_FILE,   /* the file of the descriptor that was returned */
	FETCH_ADDRESS,    /* a socket address; more: the argument of its length */
	FETCH_BYTES,      /* memory; more: its size in 8 bytes */
	FETCH_SOCKET,     /* the socket of a descriptor */
	FETCH_NEW_SOCKET, /* the socket of the descriptor that was returned */
	FETCH_NAMESPACE,  /* the namespace of a descriptor */
	FETCH_TRACED,     /* the process that was attached to last */
	FETCH_PEER_LENGTH, /* a socket address whose length lies behind a pointer; more: the argument of the pointer */
	FETCH_CALL_ADDRESS, /* the socket address of the arguments of socketcall */
	FETCH_NEW_ROOT,     /* the root directory that the path became; the path when it did not */
	FETCH_NAME,         /* as FETCH_PATH, of which the last name is not followed when it is a link */
	FETCH_PLACE,        /* as FETCH_PATH, without what is mounted there */
	FETCH_MOUNT,        /* the mount of a descriptor, or NO_ARGUMENT: of the one that was returned */
	FETCH_CONTEXT       /* the mount that a descriptor of fsopen is to become */
};

#define NO_ARGUMENT 255

struct fetch {
	u8 op, argument, more;
	u8 flags; /* the argument whose AT_SYMLINK_* decide about the last name, or NO_ARGUMENT */
};

/* Java reads it at these offsets: ControlTables. */
_Static_assert(__builtin_offsetof(struct fetch, op) == 0, "op");
_Static_assert(__builtin_offsetof(struct fetch, argument) == 1, "argument");
_Static_assert(__builtin_offsetof(struct fetch, more) == 2, "more");
_Static_assert(__builtin_offsetof(struct fetch, flags) == 3, "flags");
_Static_assert(sizeof(struct fetch) == 4, "fetch");

enum comparison { EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, ANY_BIT };

/* On the lower half of an argument, unsigned: what the system call takes of it. Each is asked once for all that have it. */
struct test {
	u8 argument, comparison;
	u16 reserved;
	u32 value;
	u32 alternatives; /* those for which it has to hold, as bits */
};

/* Java reads it at these offsets: ControlTables. */
_Static_assert(__builtin_offsetof(struct test, argument) == 0, "argument");
_Static_assert(__builtin_offsetof(struct test, comparison) == 1, "comparison");
_Static_assert(__builtin_offsetof(struct test, value) == 4, "value");
_Static_assert(__builtin_offsetof(struct test, alternatives) == 8, "alternatives");
_Static_assert(sizeof(struct test) == 12, "test");

enum scope { SCOPE_HOST = 1, SCOPE_CONTAINER = 2 };

/* What bits are found for: the path, the path as asked for, the type of the file system, the name of the process (comm). */
enum demand { OF_PATH, OF_SPELLED, OF_FILE_SYSTEM, OF_PROGRAM, DEMANDS };

/* One bit of each that is not 0 has to be found. */
struct alternative {
	u64 asked[DEMANDS];
};

/* Java reads it at these offsets: ControlTables. */
_Static_assert(sizeof(struct alternative) == 32, "alternative");

/* The alternatives of a scope, as bits, by what each fact leaves of them. What is cheap to know excludes first. */
struct demands {
	u32 tests;
	u32 outcomes[2]; /* that may be of a call that succeeded, that failed */
	u32 types[16];   /* of a file, by its S_IFMT */
	u32 rings[2];    /* whose records go at least to the ring of named opens, to the vital one */
	u32 asks[DEMANDS];
	u32 of_file; /* that ask something of the file */
	u64 any[DEMANDS]; /* the bits that alternatives ask for, of all of them */
	struct test test[TESTS];
	struct alternative alternative[ALTERNATIVES];
};

/* Java reads it at these offsets: ControlTables. */
_Static_assert(__builtin_offsetof(struct demands, tests) == 0, "tests");
_Static_assert(__builtin_offsetof(struct demands, outcomes) == 4, "outcomes");
_Static_assert(__builtin_offsetof(struct demands, types) == 12, "types");
_Static_assert(__builtin_offsetof(struct demands, rings) == 76, "rings");
_Static_assert(__builtin_offsetof(struct demands, asks) == 84, "asks");
_Static_assert(__builtin_offsetof(struct demands, of_file) == 100, "of_file");
_Static_assert(__builtin_offsetof(struct demands, any) == 104, "any");
_Static_assert(__builtin_offsetof(struct demands, test) == 136, "test");
_Static_assert(__builtin_offsetof(struct demands, alternative) == 520, "alternative");
_Static_assert(sizeof(struct demands) == 1544, "demands");

struct plan {
	u8 label; /* under which loss is counted */
	u8 fetches;
	u8 path; /* which fetch has the file that is asked of */
	u8 reserved[5];
	struct fetch fetch[FETCHES];
	struct demands demands[2]; /* by scope, host first */
};

/* Java reads it at these offsets: ControlTables. */
_Static_assert(__builtin_offsetof(struct plan, label) == 0, "label");
_Static_assert(__builtin_offsetof(struct plan, fetches) == 1, "fetches");
_Static_assert(__builtin_offsetof(struct plan, path) == 2, "path");
_Static_assert(__builtin_offsetof(struct plan, fetch) == 8, "fetch");
_Static_assert(__builtin_offsetof(struct plan, demands) == 40, "demands");
_Static_assert(sizeof(struct plan) == 3128, "plan");

/*
 * All that a set of rules wants. There are two: while the programs go by one the daemon writes the other, and then says so by a
 * single word. An event is judged by the one that was valid when it began.
 */
struct tables {
	/* The bits of the component "self", by which the reader names what a process finds of itself in /proc. */
	u64 self_bits;
	u8 wanted[PLANS];
	/* The scopes in which an operation of io_uring is wanted, and under which label its loss is counted. */
	u8 uring_wanted[64], uring_labels[64];
	/* A bit for the hash of length and first 8 bytes of each component of paths: most names need no more of a look. */
	u8 candidates[2048];
	/* The same of those that are asked of paths as they are asked for. */
	u8 spelled_candidates[2048];
	/* A bit for the hash of the first 8 bytes of each name of a process and of each type of a file system. */
	u8 name_candidates[2048];
	/* A bit for the first two characters of the paths, as they are asked for, in which components are asked for. */
	u8 spelled_beginnings[8192];
	struct plan plans[PLANS];
};

#define GENERATIONS 2

struct control {
	/* The daemon itself, and the namespace of the host. */
	u32 own_tgid, host_mnt_ns;
	/* Which of the tables is valid. */
	u32 generation;
	/* Whether the reader looks by the clock and needs no waking: an interrupt of the program that is sensed. */
	u32 unwaking;
	struct tables tables[GENERATIONS];
	/* A bit for the hash of the first 8 bytes of each variable of the environment that is asked for (environment.h). */
	u8 key_candidates[2048];
};

/* Java reads it at these offsets: ControlTables. */
_Static_assert(__builtin_offsetof(struct tables, self_bits) == 0, "self_bits");
_Static_assert(__builtin_offsetof(struct tables, wanted) == 8, "wanted");
_Static_assert(__builtin_offsetof(struct tables, uring_wanted) == 1032, "uring_wanted");
_Static_assert(__builtin_offsetof(struct tables, uring_labels) == 1096, "uring_labels");
_Static_assert(__builtin_offsetof(struct tables, candidates) == 1160, "candidates");
_Static_assert(__builtin_offsetof(struct tables, spelled_candidates) == 3208, "spelled_candidates");
_Static_assert(__builtin_offsetof(struct tables, name_candidates) == 5256, "name_candidates");
_Static_assert(__builtin_offsetof(struct tables, spelled_beginnings) == 7304, "spelled_beginnings");
_Static_assert(__builtin_offsetof(struct tables, plans) == 15496, "plans");
_Static_assert(sizeof(struct tables) == 3218568, "tables");
_Static_assert(__builtin_offsetof(struct control, own_tgid) == 0, "own_tgid");
_Static_assert(__builtin_offsetof(struct control, host_mnt_ns) == 4, "host_mnt_ns");
_Static_assert(__builtin_offsetof(struct control, generation) == 8, "generation");
_Static_assert(__builtin_offsetof(struct control, unwaking) == 12, "unwaking");
_Static_assert(__builtin_offsetof(struct control, tables) == 16, "tables");
_Static_assert(__builtin_offsetof(struct control, key_candidates) == 6437152, "key_candidates");
_Static_assert(sizeof(struct control) == 6439200, "control");

/* The only variable, so that it begins where its map does. */
volatile struct control control = {};

static __always_inline volatile struct tables *tables_of(u32 generation)
{
	return &control.tables[generation & (GENERATIONS - 1)];
}

/* The call that is looked at. */
struct call {
	u32 generation; /* of the tables that it is judged by */
	u32 index;      /* of its plan */
	u32 nr;
	u32 flags;
	u32 scope;
	s64 ret;
	u64 args[8];
	u64 task;
	u32 mnt_ns;
	u64 file;       /* that the call opened; 0 before it is looked at */
	u64 components; /* in its path, as bits */
	u32 looked_up; /* 1 and the number of the fetch whose path the scratch's lookup has */
};

static __always_inline volatile struct plan *plan_of(struct call *c)
{
	return &tables_of(c->generation)->plans[c->index & (PLANS - 1)];
}

static __always_inline volatile struct demands *demands_of(struct call *c)
{
	return &plan_of(c)->demands[c->scope == SCOPE_CONTAINER];
}
