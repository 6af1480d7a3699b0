/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* Processes: fork, exec, exit. */
#pragma once

#include "environment.h"

enum label { LABEL_FORK = 0, LABEL_EXEC = 1, LABEL_EXIT = 2 }; /* EventKind's first ordinals */

#define PIDTYPE_PGID 2 /* linux/pid_types.h */
#define SIGNAL_GROUP_EXIT 4 /* linux/sched/signal.h */

/* Appends memory of the program that may be long: argv, the environment. */
__noinline int put_pages(struct scratch *s, u16 tag, u16 arg, u64 start, u64 end)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_MAX - ARGV_MAX - 128 || end <= start) {
		cut(s);
		return 0;
	}
	section_at(s, at, tag, arg);
	u64 size = end - start;
	if (size > ARGV_MAX) {
		size = ARGV_MAX;
		cut(s);
	}
	u32 taken = 0;
	/* A page at a time: one that is not in memory must not cost the others. */
	for (u32 i = 0; i < ARGV_MAX / 4096; i++) {
		u32 from = i * 4096;
		if (from >= size)
			break;
		u32 part = size - from;
		if (part > 4096)
			part = 4096;
		if (bpf_probe_read_user(&s->bytes[at + 8 + from], part, (void *)(start + from)))
			break;
		taken = from + part;
	}
	if (taken < size)
		cut(s);
	end_section(s, at, taken);
	return 0;
}

struct cgroup_walk {
	u64 node;
	u32 pos;
	u32 owner;
};

static long cgroup_step(u64 index, struct cgroup_walk *w)
{
	struct kernfs_node *node = (void *)w->node;
	struct kernfs_node___6_15 *newer = (void *)node;
	u64 parent;
	if (bpf_core_field_exists(newer->__parent))
		parent = (u64)BPF_CORE_READ(newer, __parent);
	else
		parent = (u64)BPF_CORE_READ(node, parent);
	if (!parent)
		return 1;
	struct scratch *s = scratch_of(w->owner);
	u32 pos = w->pos;
	if (!s || pos < 512 || pos > WALK_END)
		return 1;
	/* The length is not told: read aside, then put before what is there. */
	long n = bpf_probe_read_kernel_str(&s->walk[WALK_END], 256, BPF_CORE_READ(node, name));
	if (n <= 1 || n > 256)
		return 1;
	pos -= n - 1;
	bpf_probe_read_kernel(&s->walk[pos & 8191], (n - 1) & 255, &s->walk[WALK_END]);
	pos -= 1;
	s->walk[pos & 8191] = '/';
	w->pos = pos;
	w->node = parent;
	return 0;
}

/* The path of a control group below the root of its hierarchy. */
__noinline int put_cgroup(struct scratch *s, u32 owner, u16 arg, u64 address)
{
	if (!s)
		return 0;
	struct cgroup *cgroup = (void *)address;
	u32 at = s->length;
	if (at > RECORD_FULL || !cgroup)
		return 0;
	struct cgroup_walk w = {.node = (u64)BPF_CORE_READ(cgroup, kn), .pos = WALK_END, .owner = owner};
	bpf_loop(64, cgroup_step, &w, 0);
	section_at(s, at, TAG_CGROUP, arg);
	u32 pos = w.pos;
	if (pos > WALK_END)
		return 0;
	u32 length = WALK_END - pos;
	if (length > TEXT_MAX)
		return 0;
	bpf_probe_read_kernel(&s->bytes[at + 8], length & 8191, &s->walk[pos & 8191]);
	end_section(s, at, length);
	return 0;
}

static __always_inline void put_cgroups(struct scratch *s, struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	if (!set)
		return;
	put_cgroup(s, SCRATCH_TASK, 2, (u64)BPF_CORE_READ(set, dfl_cgrp));
	/* With cgroup v1 each controller may have a hierarchy of its own; runtimes use all of them alike. */
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id)) {
		u32 i = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
		struct cgroup_subsys_state *css = 0;
		bpf_probe_read_kernel(&css, sizeof(css),
				      (void *)set + bpf_core_field_offset(struct css_set, subsys) + i * 8);
		if (css)
			put_cgroup(s, SCRATCH_TASK, 1, (u64)BPF_CORE_READ(css, cgroup));
	}
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	if (child->pid != child->tgid)
		return 0;
	if (scope_of(parent) == SCOPE_CONTAINER) {
		struct process_state *state =
			bpf_task_storage_get(&processes, child, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (state)
			state->contained = 1;
	}
	struct scratch *s = scratch_of(SCRATCH_TASK);
	if (!s)
		return 0;
	struct head *h = begin(s, parent, KIND_FORK);
	h->ret = child->tgid;
	h->args[0] = child->real_parent->tgid;
	return finish(s, RING_VITAL, LABEL_FORK);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct scratch *s = scratch_of(SCRATCH_TASK);
	if (!s)
		return 0;
	u32 scope = scope_of(task);
	if (scope == SCOPE_CONTAINER) {
		struct process_state *state =
			bpf_task_storage_get(&processes, task->group_leader, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (state)
			state->contained = 1;
	}
	struct head *h = begin(s, task, KIND_EXEC);
	h->flags = scope == SCOPE_CONTAINER ? FLAG_CONTAINER : 0;
	h->args[0] = old_pid;
	h->args[4] = bpf_ktime_get_boot_ns() - task->group_leader->start_boottime;
	h->args[5] = BPF_CORE_READ(task, signal, pids[PIDTYPE_PGID], numbers[0].nr);
	const struct cred *cred = task->cred;
	/* Up to Linux 6.2 they are two halves under another name: read whole, the lower half first on these machines. */
	bpf_core_read(&h->args[1], sizeof(u64), &cred->cap_permitted);
	bpf_core_read(&h->args[2], sizeof(u64), &cred->cap_effective);
	bpf_core_read(&h->args[3], sizeof(u64), &cred->cap_inheritable);
	if (bprm->interp != bprm->filename)
		h->flags |= FLAG_INTERPRETED;
	struct mm_struct *mm = task->mm;
	u32 environment = environment_asked();
	if (mm) {
		put_pages(s, TAG_ARGV, 0, mm->arg_start, mm->arg_end);
		if (environment)
			put_environment(s, SCRATCH_TASK, mm->env_start, mm->env_end);
	}
	put_file(s, SCRATCH_TASK, NO_ARGUMENT, (u64)BPF_CORE_READ(bprm, file), h->mnt_ns);
	put_kernel_text(s, TAG_PATH, 0, (u64)BPF_CORE_READ(bprm, filename));
	put_path(s, SCRATCH_TASK, TAG_CWD << 16, (u64)BPF_CORE_READ(task, fs, pwd.mnt),
		 (u64)BPF_CORE_READ(task, fs, pwd.dentry));
	put_file(s, SCRATCH_TASK, 0, file_of(bpf_get_current_task(), 0), h->mnt_ns);
	put_cgroups(s, task);
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	if (tty)
		put_kernel_text(s, TAG_TTY, 0, (u64)tty + bpf_core_field_offset(struct tty_struct, name));
	/* Last, so that it takes no room of what is always asked for. */
	if (mm && environment == ENVIRONMENT_WHOLE && mm->env_end > mm->env_start)
		put_pages(s, TAG_ENVIRONMENT, 1, mm->env_start, mm->env_end);
	return finish(s, RING_VITAL, LABEL_EXEC);
}

/* The thread that told the end of a process, kept with its leader. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u32);
} tellers SEC(".maps");

/*
 * Whether this thread is to tell the end of its process. Newer kernels say which one is the last. Older ones have only a count,
 * which several that end together may find at zero: the first that leaves its mark tells, and so does one that can leave none.
 */
static __always_inline bool ends_process(u64 *ctx, struct task_struct *task)
{
	/* Kernels that say so have the cast as well: without it, a newer kernel does as an older one. */
	if (has_cast && bpf_core_field_exists(struct trace_event_raw_sched_process_exit, group_dead))
		/* Not a parameter of the program, which would be read where there is none: the verifier refuses that. */
		return (u8)((volatile u64 *)ctx)[1];
	if (task->signal->live.counter != 0)
		return false;
	u32 tid = task->pid;
	u32 *teller = bpf_task_storage_get(&tellers, task->group_leader, &tid, BPF_LOCAL_STORAGE_GET_F_CREATE);
	/* None where another thread came in between: then there is one by now. */
	if (!teller)
		teller = bpf_task_storage_get(&tellers, task->group_leader, &tid, BPF_LOCAL_STORAGE_GET_F_CREATE);
	return !teller || *teller == tid;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	if (!ends_process(ctx, task))
		return 0;
	struct scratch *s = scratch_of(SCRATCH_TASK);
	if (!s)
		return 0;
	struct head *h = begin(s, task, KIND_EXIT);
	/* A thread may have another name: workers of io_uring have. */
	struct task_struct *leader = task->group_leader;
	((u64 *)h->comm)[0] = ((u64 *)leader->comm)[0];
	((u64 *)h->comm)[1] = ((u64 *)leader->comm)[1];
	/* As wait(2) has it: kernel/exit.c, wait_task_zombie(). Until Linux 5.19 threads that end by themselves leave the leader's. */
	struct signal_struct *signal = task->signal;
	h->ret = signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : leader->exit_code;
	return finish(s, RING_VITAL, LABEL_EXIT);
}
