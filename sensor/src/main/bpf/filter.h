/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wanted, and what is taken along with it. Both are tables that the daemon derives from the loaded rules and writes
 * into these variables while the programs run; no list is kept here. BpfPlan.java has the same layout.
 *
 * A system call has alternatives, one for each way in which a rule may want it; it is sensed when one of them may hold. What
 * cannot be decided here (a name behind a regular expression, a parent's name) is left to the rules.
 */
#pragma once

#define PLANS 1024
/* 32-bit system calls lie behind the 64-bit ones. */
#define COMPAT_PLANS 512
#define FETCHES 8 /* this, PLANS and ALTERNATIVES are powers of two: a mask is what the verifier understands */
#define ALTERNATIVES 8
#define CONDITIONS 3

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
	FETCH_PEER_LENGTH /* a socket address whose length lies behind a pointer; more: the argument of the pointer */
};

#define NO_ARGUMENT 255

struct fetch {
	u8 op, argument, more, reserved;
};

enum comparison { EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, ANY_BIT };

/* On the lower half of an argument, unsigned: what the system call takes of it. */
struct condition {
	u8 argument, comparison;
	u16 reserved;
	u32 value;
};

enum scope { SCOPE_HOST = 1, SCOPE_CONTAINER = 2 };
enum outcome { OUTCOME_SUCCESS = 1, OUTCOME_FAILURE = 2 };

struct alternative {
	u8 scope, outcome, ring, conditions;
	struct condition condition[CONDITIONS];
	u32 reserved;
	u64 components; /* one of these has to be in the path; 0: any path will do */
};

struct plan {
	u8 label; /* under which loss is counted */
	u8 fetches, alternatives;
	u8 path; /* which fetch has the path that the components are looked for in */
	u32 reserved;
	struct fetch fetch[FETCHES];
	struct alternative alternative[ALTERNATIVES];
};

volatile u8 wanted[PLANS] = {};
volatile struct plan plans[PLANS] = {};

/* The daemon itself, and the namespace of the host. */
volatile u32 own_tgid = 0;
volatile u32 host_mnt_ns = 0;

/* A container's process is one since its first exec in another mount namespace, and so are its children. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u32);
} contained SEC(".maps");

/* More than the containers': services of the host with a mount namespace of their own count too. */
static __always_inline u32 scope_of(struct task_struct *task)
{
	struct nsproxy *ns = task->nsproxy;
	if (ns && ns->mnt_ns->ns.inum != host_mnt_ns)
		return SCOPE_CONTAINER;
	u32 *mark = bpf_task_storage_get(&contained, task->group_leader, 0, 0);
	return mark && *mark ? SCOPE_CONTAINER : SCOPE_HOST;
}

static __always_inline bool compare(u32 argument, u8 comparison, u32 value)
{
	switch (comparison) {
	case EQUAL:
		return argument == value;
	case NOT_EQUAL:
		return argument != value;
	case LESS:
		return argument < value;
	case LESS_OR_EQUAL:
		return argument <= value;
	case GREATER:
		return argument > value;
	case GREATER_OR_EQUAL:
		return argument >= value;
	default:
		return (argument & value) != 0;
	}
}

struct call {
	u32 index; /* of its plan */
	u32 nr;
	u32 flags;
	u32 mnt_ns;
	s64 ret;
	u64 args[8];
	u64 task;
};

/* The alternatives that may hold, as bits, as far as the numbers tell; bit 16 is set when one of them asks for a path. */
#define ASKS_PATH (1u << 16)

__noinline u32 possible(struct call *call, u32 scope)
{
	if (!call)
		return 0;
	volatile struct plan *plan = &plans[call->index & (PLANS - 1)];
	s64 ret = call->ret;
	u32 outcome = ret < 0 && ret > -4096 ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
	u32 result = 0;
	u32 count = plan->alternatives;
	for (u32 i = 0; i < ALTERNATIVES; i++) {
		if (i >= count)
			break;
		volatile struct alternative *a = &plan->alternative[i & (ALTERNATIVES - 1)];
		if (!(a->scope & scope) || !(a->outcome & outcome))
			continue;
		bool holds = true;
		u32 conditions = a->conditions;
		for (u32 c = 0; c < CONDITIONS; c++) {
			if (c >= conditions)
				break;
			u32 value = call->args[a->condition[c].argument & 7];
			holds = holds && compare(value, a->condition[c].comparison, a->condition[c].value);
		}
		if (!holds)
			continue;
		result |= 1u << i;
		if (a->components)
			result |= ASKS_PATH;
	}
	return result;
}

/* The ring for a system call of which these alternatives are possible and these components are in the path. */
__noinline u32 ring_for(u32 index, u32 alternatives, u64 found)
{
	volatile struct plan *plan = &plans[index & (PLANS - 1)];
	u32 ring = RING_NONE;
	for (u32 i = 0; i < ALTERNATIVES; i++) {
		if (!(alternatives >> i & 1))
			continue;
		u64 asked = plan->alternative[i & (ALTERNATIVES - 1)].components;
		u32 its = plan->alternative[i & (ALTERNATIVES - 1)].ring;
		if ((!asked || (asked & found)) && its > ring)
			ring = its;
	}
	return ring;
}
