/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a call is wanted: the tables of control.h, asked. */
#pragma once

/* More than the containers': services of the host with a mount namespace of their own count too. */
static __always_inline u32 scope_of(struct task_struct *task)
{
	struct nsproxy *ns = task->nsproxy;
	if (ns && ns->mnt_ns->ns.inum != control.host_mnt_ns)
		return SCOPE_CONTAINER;
	struct task_struct *leader = task->group_leader;
	/* A look spares most processes a call. */
	if (bpf_core_field_exists(leader->bpf_storage) && !leader->bpf_storage)
		return SCOPE_HOST;
	struct process_state *state = bpf_task_storage_get(&processes, leader, 0, 0);
	return state && state->contained ? SCOPE_CONTAINER : SCOPE_HOST;
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

/* Types of file systems and names of processes are looked up as components that are longer than they are: no path has one. */
#define FILE_SYSTEM_LENGTH 64
#define PROGRAM_LENGTH 128

/* Whether a name of a process or a type of a file system is worth a look, by its first 8 bytes: zeros beyond its end. */
static __always_inline bool is_name_candidate(u64 first, u32 generation)
{
	u32 bit = first * COMPONENT_FACTOR >> 50; /* as in Components.java */
	return tables_of(generation)->name_candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

/* Which names of processes that rules ask for the one that runs has, as bits. */
__noinline u64 program_bits(u32 generation)
{
	struct component name = {};
	bpf_get_current_comm(&name, 16);
	return component_bits(&name, PROGRAM_LENGTH, generation);
}

/* The alternatives that may hold, as bits. */
static __always_inline u32 left_by_outcome(struct call *c)
{
	return demands_of(c)->outcomes[c->ret < 0 && c->ret > -4096];
}

/* Those of them whose tests hold. */
__noinline u32 left_by_arguments(struct call *call, u32 left)
{
	if (!call)
		return 0;
	volatile struct demands *demands = demands_of(call);
	u32 tests = demands->tests;
	for (u32 i = 0; i < TESTS; i++) {
		if (i >= tests)
			break;
		volatile struct test *test = &demands->test[i & (TESTS - 1)];
		u32 asking = test->alternatives;
		if ((left & asking) && !compare(call->args[test->argument & 7], test->comparison, test->value))
			left &= ~asking;
	}
	return left;
}

/* As narrowed(), one by one. */
__noinline u32 left_by_bits(struct call *call, u32 left, u32 demand, u64 found)
{
	if (!call)
		return 0;
	demand &= DEMANDS - 1;
	volatile struct demands *demands = demands_of(call);
	u32 asking = left & demands->asks[demand];
	for (u32 i = 0; i < ALTERNATIVES; i++) {
		if (!(asking >> i))
			break;
		if ((asking >> i & 1) && !(demands->alternative[i].asked[demand] & found))
			left &= ~(1u << i);
	}
	return left;
}

/* Those of which a bit was found, and those that ask for none. */
static __always_inline u32 narrowed(struct call *c, u32 left, u32 demand, u64 found)
{
	volatile struct demands *demands = demands_of(c);
	if (!(found & demands->any[demand]))
		return left & ~demands->asks[demand];
	return ~found ? left_by_bits(c, left, demand, found) : left;
}

/* Those that may be of the process that runs. */
static __always_inline u32 left_by_program(struct call *c, struct task_struct *task, u32 left)
{
	if (!(left & demands_of(c)->asks[OF_PROGRAM]))
		return left;
	u64 comm = *(u64 *)task->comm;
	return narrowed(c, left, OF_PROGRAM, is_name_candidate(comm, c->generation) ? program_bits(c->generation) : 0);
}

/* The ring for a call that these alternatives want. */
static __always_inline u32 ring_for(struct call *c, u32 left)
{
	volatile struct demands *demands = demands_of(c);
	if (left & demands->rings[1])
		return RING_VITAL;
	if (left & demands->rings[0])
		return RING_NAMED;
	return left ? RING_FLOOD : RING_NONE;
}
