/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* What happens beside system calls: signals, capabilities, operations of io_uring. */
#pragma once

enum { SI_USER = 0, SI_QUEUE = -1, SI_TKILL = -6 }; /* asm-generic/siginfo.h */

/* Plans that no system call has: x86-64 and arm64 number theirs far below. */
enum slot { SLOT_SIGNAL = 508, SLOT_CAPABILITY = 509 };

SEC("tp_btf/signal_generate")
int BPF_PROG(signal_sent, int sig, struct kernel_siginfo *info, struct task_struct *target)
{
	u32 generation = control.generation;
	if (!tables_of(generation)->wanted[SLOT_SIGNAL])
		return 0;
	struct task_struct *task = bpf_get_current_task_btf();
	s32 code = 1;
	/* 0 and 1 stand for "the kernel" in place of an address. */
	if (bpf_probe_read_kernel(&code, sizeof(code), &info->si_code))
		return 0;
	if (code != SI_USER && code != SI_QUEUE && code != SI_TKILL)
		return 0;
	if ((u32)task->tgid == control.own_tgid)
		return 0;
	struct call c = {
		.generation = generation,
		.index = SLOT_SIGNAL,
		.scope = scope_of(task),
	};
	c.args[0] = sig;
	c.args[1] = target->tgid;
	u32 ring = ring_for(&c, left_by_program(&c, task, left_by_arguments(&c, left_by_outcome(&c))));
	if (ring == RING_NONE)
		return 0;
	struct scratch *s = scratch_of(SCRATCH_SIGNAL);
	if (!s)
		return 0;
	struct head *h = begin(s, task, KIND_SIGNAL);
	h->args[0] = sig;
	put_task(s, 1, target->tgid,
		 (u64)BPF_CORE_READ(target, group_leader) + bpf_core_field_offset(struct task_struct, comm));
	return finish(s, ring, plan_of(&c)->label);
}

/* One record for a process, a capability and an answer; the kernel asks thousands of times a second. */
struct capability_use {
	u64 start;
	u32 tgid;
	u32 capability_and_answer;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct capability_use);
	__type(value, u8);
} capabilities_told SEC(".maps");

SEC("tp_btf/cap_capable")
int BPF_PROG(capability_used, const struct cred *cred, struct user_namespace *target_ns,
	     const struct user_namespace *capable_ns, int capability, int ret)
{
	u32 generation = control.generation;
	if (!tables_of(generation)->wanted[SLOT_CAPABILITY])
		return 0;
	struct task_struct *task = bpf_get_current_task_btf();
	struct call c = {
		.generation = generation,
		.index = SLOT_CAPABILITY,
		.scope = scope_of(task),
		.ret = ret,
	};
	c.args[0] = capability;
	c.args[1] = ret == 0;
	u32 ring = ring_for(&c, left_by_program(&c, task, left_by_arguments(&c, left_by_outcome(&c))));
	if (ring == RING_NONE || (u32)task->tgid == control.own_tgid)
		return 0;
	struct capability_use use = {
		.start = task->group_leader->start_boottime,
		.tgid = task->tgid,
		.capability_and_answer = capability << 1 | (ret == 0),
	};
	u8 told = 1;
	if (bpf_map_update_elem(&capabilities_told, &use, &told, BPF_NOEXIST))
		return 0;
	struct scratch *s = scratch_of(SCRATCH_CAPABILITY);
	if (!s)
		return 0;
	struct head *h = begin(s, task, KIND_CAPABILITY);
	h->ret = ret;
	h->args[0] = capability;
	h->args[1] = ret == 0;
	h->args[2] = BPF_CORE_READ(target_ns, ns.inum);
	return finish(s, ring, plan_of(&c)->label);
}

/* Opcodes of linux/io_uring.h. */
enum uring_op {
	IORING_OP_CONNECT = 16,
	IORING_OP_OPENAT = 18,
	IORING_OP_OPENAT2 = 28,
	IORING_OP_RENAMEAT = 35,
	IORING_OP_UNLINKAT = 36,
	IORING_OP_MKDIRAT = 37,
	IORING_OP_SYMLINKAT = 38,
	IORING_OP_LINKAT = 39,
	IORING_OP_SOCKET = 45,
};

#define O_NOFOLLOW 0400000 /* asm-generic/fcntl.h; arm64 has another bit there, which opens of directories ask for */

/* A path that the kernel has already copied, and where it leads. Enum lookup_flag lies in the upper half of the argument. */
__noinline int put_uring_path(struct scratch *s, u64 task, u32 arg_and_flags, u64 name, s32 fd)
{
	u16 arg = arg_and_flags;
	u32 flags = arg_and_flags >> 16;
	if (!s)
		return 0;
	struct filename *filename = (void *)name;
	const char *text = BPF_CORE_READ(filename, name);
	u8 first = 0;
	bpf_probe_read_kernel(&first, 1, text);
	struct base base = {};
	base_of(&base, task, first, fd);
	put_kernel_text(s, TAG_PATH, arg, (u64)text);
	if (bpf_probe_read_kernel_str(&s->lookup.text[LOOKUP_TEXT], LOOKUP_TEXT, text) > 0) {
		/* Nothing has been done yet: what is not found may be there all the same. */
		look_up(SCRATCH_TASK, &base, LOOKUP_WORKED | flags);
		if (s->lookup.result != LOOKUP_LOST)
			return put_found(s, SCRATCH_TASK, arg, ((struct head *)s->bytes)->mnt_ns);
	}
	if (base.dentry)
		put_path(s, SCRATCH_TASK, TAG_BASE << 16 | arg, base.mnt, base.dentry);
	return 0;
}

/* Arguments stand where the system call of the same name has them. */
static __always_inline void put_uring(struct scratch *s, struct head *h, u64 task, u8 op, void *cmd)
{
	if (op == IORING_OP_OPENAT || op == IORING_OP_OPENAT2) {
		struct io_open *o = cmd;
		h->args[2] = BPF_CORE_READ(o, how.flags);
		h->args[3] = BPF_CORE_READ(o, how.mode);
		u32 follow = h->args[2] & O_NOFOLLOW ? 0 : LOOKUP_FOLLOW << 16;
		put_uring_path(s, task, follow | 1, (u64)BPF_CORE_READ(o, filename), BPF_CORE_READ(o, dfd));
	} else if (op == IORING_OP_UNLINKAT) {
		struct io_unlink *o = cmd;
		h->args[2] = BPF_CORE_READ(o, flags);
		put_uring_path(s, task, 1, (u64)BPF_CORE_READ(o, filename), BPF_CORE_READ(o, dfd));
	} else if (op == IORING_OP_MKDIRAT) {
		struct io_mkdir *o = cmd;
		h->args[2] = BPF_CORE_READ(o, mode);
		put_uring_path(s, task, 1, (u64)BPF_CORE_READ(o, filename), BPF_CORE_READ(o, dfd));
	} else if (op == IORING_OP_RENAMEAT || op == IORING_OP_LINKAT) {
		/* struct io_link has the same fields. */
		struct io_rename *o = cmd;
		put_uring_path(s, task, 1, (u64)BPF_CORE_READ(o, oldpath), BPF_CORE_READ(o, old_dfd));
		put_uring_path(s, task, 3, (u64)BPF_CORE_READ(o, newpath), BPF_CORE_READ(o, new_dfd));
	} else if (op == IORING_OP_SYMLINKAT) {
		struct io_link *o = cmd;
		struct filename *text = BPF_CORE_READ(o, oldpath);
		put_kernel_text(s, TAG_TEXT, 0, (u64)BPF_CORE_READ(text, name));
		put_uring_path(s, task, 2, (u64)BPF_CORE_READ(o, newpath), BPF_CORE_READ(o, new_dfd));
	} else if (op == IORING_OP_CONNECT) {
		struct io_connect *o = cmd;
		u32 size = BPF_CORE_READ(o, addr_len);
		put_user_bytes(s, TAG_BYTES, 1, (u64)BPF_CORE_READ(o, addr), size > 128 ? 128 : size);
	} else if (op == IORING_OP_SOCKET) {
		struct io_socket *o = cmd;
		h->args[0] = BPF_CORE_READ(o, domain);
		h->args[1] = BPF_CORE_READ(o, type);
		h->args[2] = BPF_CORE_READ(o, protocol);
	}
}

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(uring_submitted, struct io_kiocb *request)
{
	u8 op = BPF_CORE_READ(request, opcode);
	struct task_struct *task = bpf_get_current_task_btf();
	u32 scope = scope_of(task);
	volatile struct tables *tables = tables_of(control.generation);
	if (!(tables->uring_wanted[op & 63] & scope) || op > 63 || (u32)task->tgid == control.own_tgid)
		return 0;
	struct scratch *s = scratch_of(SCRATCH_TASK);
	if (!s)
		return 0;
	struct head *h = begin(s, task, KIND_URING);
	h->nr = op;
	h->flags = scope == SCOPE_CONTAINER ? FLAG_CONTAINER : 0;
	put_uring(s, h, bpf_get_current_task(), op, (void *)request + bpf_core_field_offset(struct io_kiocb, cmd));
	return finish(s, RING_NAMED, tables->uring_labels[op & 63]);
}
