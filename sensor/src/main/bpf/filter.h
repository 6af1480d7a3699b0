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
	struct process_state *state = bpf_task_storage_get(&processes, task->group_leader, 0, 0);
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

/* Which names of processes that rules ask for the one that runs has, as bits. */
__noinline u64 program_bits(u32 generation)
{
	struct component name = {};
	bpf_get_current_comm(&name, 16);
	return component_bits(&name, PROGRAM_LENGTH, generation);
}

/* The alternatives that may hold, as bits, as far as the numbers tell; and beyond them, what these ask of the file. */
enum asks { ASKS_COMPONENTS = 1 << 16, ASKS_SPELLED = 1 << 17, ASKS_FILE_SYSTEM = 1 << 18, ASKS_TYPE = 1 << 19 };

__noinline u32 possible(struct call *call)
{
	if (!call)
		return 0;
	volatile struct plan *plan = plan_of(call);
	s64 ret = call->ret;
	u32 outcome = ret < 0 && ret > -4096 ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
	u32 result = 0;
	u32 place = call->scope == SCOPE_CONTAINER;
	u32 count = plan->alternatives[place];
	u64 programs = plan->asks_program ? program_bits(call->generation) : 0;
	for (u32 i = 0; i < ALTERNATIVES; i++) {
		if (i >= count)
			break;
		volatile struct alternative *a = &plan->alternative[place][i & (ALTERNATIVES - 1)];
		if (!(a->outcome & outcome) || (a->programs && !(a->programs & programs)))
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
			result |= ASKS_COMPONENTS;
		if (a->spelled)
			result |= ASKS_SPELLED;
		if (a->file_systems)
			result |= ASKS_FILE_SYSTEM;
		if (a->types != ~0u)
			result |= ASKS_TYPE;
	}
	return result;
}

/* The ring for a call of which these alternatives are possible. */
__noinline u32 ring_for(struct call *call, u32 alternatives)
{
	if (!call)
		return RING_NONE;
	volatile struct plan *plan = plan_of(call);
	u32 place = call->scope == SCOPE_CONTAINER;
	u64 found = call->found;
	u32 ring = RING_NONE;
	for (u32 i = 0; i < ALTERNATIVES; i++) {
		if (!(alternatives >> i & 1))
			continue;
		volatile struct alternative *a = &plan->alternative[place][i & (ALTERNATIVES - 1)];
		u64 components = a->components, spelled = a->spelled, file_systems = a->file_systems;
		if ((components && !(components & found)) || (spelled && !(spelled & found)) ||
		    (file_systems && !(file_systems & found)) || !(a->types & call->types))
			continue;
		if (a->ring > ring)
			ring = a->ring;
	}
	return ring;
}
