/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* Takes along what a plan says. */
#pragma once

struct socket_section {
	u16 family, type;
	u16 local_port, peer_port; /* peer: network order */
	u32 state;
	u32 reserved;
	u8 local[16], peer[16];
};

/* Java reads it at these offsets: Sockets. */
_Static_assert(__builtin_offsetof(struct socket_section, family) == 0, "family");
_Static_assert(__builtin_offsetof(struct socket_section, type) == 2, "type");
_Static_assert(__builtin_offsetof(struct socket_section, local_port) == 4, "local_port");
_Static_assert(__builtin_offsetof(struct socket_section, peer_port) == 6, "peer_port");
_Static_assert(__builtin_offsetof(struct socket_section, state) == 8, "state");
_Static_assert(__builtin_offsetof(struct socket_section, local) == 16, "local");
_Static_assert(__builtin_offsetof(struct socket_section, peer) == 32, "peer");
_Static_assert(sizeof(struct socket_section) == 48, "socket_section");

__noinline int put_socket(struct scratch *s, u16 arg, u64 address)
{
	if (!s)
		return 0;
	struct file *file = (void *)address;
	u32 at = s->length;
	if (at > RECORD_FULL || !file)
		return 0;
	u16 mode = BPF_CORE_READ(file, f_inode, i_mode);
	if ((mode & 0xf000) != 0xc000)
		return 0;
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return 0;
	struct section *section = section_at(s, at, TAG_SOCKET, arg);
	struct socket_section *o = (void *)&s->bytes[at + 8];
	__builtin_memset(o, 0, sizeof(*o));
	section->length = sizeof(*o);
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	o->family = family;
	o->type = BPF_CORE_READ(socket, type);
	o->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (family == 2) {
		BPF_CORE_READ_INTO((u32 *)o->peer, sk, __sk_common.skc_daddr);
		BPF_CORE_READ_INTO((u32 *)o->local, sk, __sk_common.skc_rcv_saddr);
	} else if (family == 10) {
		BPF_CORE_READ_INTO((struct in6_addr *)o->peer, sk, __sk_common.skc_v6_daddr);
		BPF_CORE_READ_INTO((struct in6_addr *)o->local, sk, __sk_common.skc_v6_rcv_saddr);
	}
	if (family == 2 || family == 10) {
		o->peer_port = BPF_CORE_READ(sk, __sk_common.skc_dport);
		o->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	}
	s->length = at + 8 + sizeof(*o);
	if (family == 1) {
		/* The name of the socket itself, or else of the one at the other end. */
		struct unix_sock *u = (void *)sk;
		struct unix_address *name = BPF_CORE_READ(u, addr);
		struct unix_sock *peer = (void *)BPF_CORE_READ(u, peer);
		if (peer)
			name = BPF_CORE_READ(peer, addr);
		at = s->length;
		if (!name || at > RECORD_FULL)
			return 0;
		u32 length = BPF_CORE_READ(name, len);
		if (length > 110)
			length = 110;
		section_at(s, at, TAG_BYTES, arg);
		bpf_probe_read_kernel(&s->bytes[at + 8], length & 127,
				      (void *)name + bpf_core_field_offset(struct unix_address, len) + 4);
		end_section(s, at, length & 127);
	}
	return 0;
}

/* A descriptor of nsfs: which namespace it stands for. */
__noinline int put_namespace(struct scratch *s, u16 arg, u64 address)
{
	struct file *file = (void *)address;
	if (!file)
		return 0;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	if (BPF_CORE_READ(inode, i_sb, s_magic) != 0x6e736673) /* NSFS_MAGIC of linux/magic.h */
		return 0;
	struct ns_common *ns = BPF_CORE_READ(inode, i_private);
	struct ns_common___6_18 *newer = (void *)ns;
	u32 type;
	if (bpf_core_field_exists(newer->ns_type))
		type = BPF_CORE_READ(newer, ns_type);
	else
		type = BPF_CORE_READ(ns, ops, type);
	put_pair(s, TAG_NAMESPACE, arg, type, BPF_CORE_READ(ns, inum));
	return 0;
}

/* What a mount is of. Its source is what the program called it, as in /proc/PID/mountinfo. */
static __always_inline void put_mounted(struct scratch *s, u16 arg, u64 type, u64 source)
{
	put_kernel_text(s, TAG_MOUNT, arg, LINK(has_cast, struct file_system_type, type, name));
	put_kernel_text(s, TAG_TEXT, arg, source);
}

/* The mount of a descriptor: where it is tells where it came from only if that lies on the root's file system, /proc or /sys. */
__noinline int put_mount(struct scratch *s, u16 arg, u64 file, u32 own_mnt_ns)
{
	if (!s || !file)
		return 0;
	bool cast = has_cast;
	u64 vfsmnt = LINK(cast, struct file, file, f_path.mnt);
	u64 sb = LINK(cast, struct vfsmount, vfsmnt, mnt_sb);
	put_mounted(s, arg, LINK(cast, struct super_block, sb, s_type),
		    LINK(cast, struct mount, vfsmnt - bpf_core_field_offset(struct mount, mnt), mnt_devname));
	return put_file(s, SCRATCH_TASK, arg, file, own_mnt_ns);
}

#define ANON_INODE_FS_MAGIC 0x09041934 /* linux/magic.h */

/* A descriptor of fsopen, which is known by the name that /proc/PID/fd has for it: fs/fsopen.c. */
__noinline int put_context(struct scratch *s, u16 arg, u64 file)
{
	if (!s || !file)
		return 0;
	bool cast = has_cast;
	u64 name = LINK(cast, struct dentry, LINK(cast, struct file, file, f_path.dentry), d_name.name);
	u64 sb = LINK(cast, struct inode, LINK(cast, struct file, file, f_inode), i_sb);
	if (GET(cast, struct super_block, sb, s_magic) != ANON_INODE_FS_MAGIC ||
	    word_at(cast, name) != 0x65746e6f6373665bULL || word_at(cast, name + 4) != 0x005d747865746e6fULL)
		return 0; /* [fscontext] */
	u64 context = LINK(cast, struct file, file, private_data);
	put_mounted(s, arg, LINK(cast, struct fs_context, context, fs_type), LINK(cast, struct fs_context, context, source));
	return 0;
}

__noinline int put_traced(struct scratch *s, u64 address)
{
	struct task_struct *task = (void *)address;
	struct list_head *last = BPF_CORE_READ(task, ptraced.prev);
	struct task_struct *traced = (void *)last - bpf_core_field_offset(struct task_struct, ptrace_entry);
	if ((u64)last == address + bpf_core_field_offset(struct task_struct, ptraced))
		return 0; /* the list is empty */
	put_task(s, 0, BPF_CORE_READ(traced, tgid),
		 (u64)traced + bpf_core_field_offset(struct task_struct, comm));
	return 0;
}

__noinline int put_path_argument(struct scratch *s, u64 task, u16 arg, u64 address, s32 fd)
{
	struct base base = {};
	base_of_argument(&base, task, address, fd);
	put_user_text(s, TAG_PATH, arg, address);
	if (base.dentry)
		put_path(s, SCRATCH_TASK, TAG_BASE << 16 | arg, base.mnt, base.dentry);
	return 0;
}

/* The path of a fetch, and where it leads; where it begins when that cannot be told. */
static __always_inline int put_fetched_path(struct scratch *s, struct call *c, u32 number)
{
	if (!s || !c)
		return 0;
	volatile struct fetch *fetch = &plan_of(c)->fetch[number & (FETCHES - 1)];
	u16 arg = fetch->argument;
	u8 more = fetch->more;
	u64 address = c->args[arg & 7];
	if (!find_path(c, number))
		return put_path_argument(s, c->task, arg, address,
					 more == NO_ARGUMENT ? AT_FDCWD : (s32)c->args[more & 7]);
	put_user_text(s, TAG_PATH, arg, address);
	return put_found(s, SCRATCH_TASK, arg, c->mnt_ns);
}

__noinline int fetch(struct scratch *s, struct call *c, u32 number)
{
	if (!s || !c)
		return 0;
	volatile struct fetch *fetch = &plan_of(c)->fetch[number & (FETCHES - 1)];
	u8 op = fetch->op;
	u16 arg = fetch->argument;
	u8 more = fetch->more;
	u64 value = c->args[arg & 7];
	u64 other = c->args[more & 7];
	s64 ret = c->ret;
	switch (op) {
	case FETCH_TEXT:
		return put_user_text(s, TAG_TEXT, arg, value);
	case FETCH_PATH:
	case FETCH_NAME:
	case FETCH_PLACE:
		return put_fetched_path(s, c, number);
	case FETCH_FILE:
		return put_file(s, SCRATCH_TASK, arg, file_of(c->task, value), c->mnt_ns);
	case FETCH_NEW_FILE:
		if (ret >= 0) {
			put_user_text(s, TAG_PATH, arg, value);
			return put_file(s, SCRATCH_TASK, NO_ARGUMENT, file_of(c->task, ret), c->mnt_ns);
		}
		return put_fetched_path(s, c, number);
	case FETCH_ADDRESS:
		return put_user_bytes(s, TAG_BYTES, arg, value, other > 128 ? 128 : other);
	case FETCH_PEER_LENGTH: {
		u32 size = 0;
		if (!value || ret < 0 || bpf_probe_read_user(&size, 4, (void *)other))
			return 0;
		return put_user_bytes(s, TAG_BYTES, arg, value, size > 128 ? 128 : size);
	}
	case FETCH_CALL_ADDRESS: {
		u32 call[3] = {};
		if (bpf_probe_read_user(call, sizeof(call), (void *)value))
			return 0;
		return put_user_bytes(s, TAG_BYTES, NO_ARGUMENT, call[1], call[2] > 128 ? 128 : call[2]);
	}
	case FETCH_BYTES:
		return put_user_bytes(s, TAG_BYTES, arg, value, more * 8);
	case FETCH_SOCKET:
		return put_socket(s, arg, file_of(c->task, value));
	case FETCH_NEW_SOCKET:
		return ret < 0 ? 0 : put_socket(s, NO_ARGUMENT, file_of(c->task, ret));
	case FETCH_NAMESPACE:
		return put_namespace(s, arg, file_of(c->task, value));
	case FETCH_NEW_ROOT: {
		if (ret < 0)
			return put_path_argument(s, c->task, arg, value, AT_FDCWD);
		struct task_struct *task = (void *)c->task;
		return put_path(s, SCRATCH_TASK, TAG_PATH << 16 | arg, (u64)BPF_CORE_READ(task, fs, root.mnt),
				(u64)BPF_CORE_READ(task, fs, root.dentry));
	}
	case FETCH_MOUNT:
		return put_mount(s, arg, file_of(c->task, arg == NO_ARGUMENT ? ret : value), c->mnt_ns);
	case FETCH_CONTEXT:
		return put_context(s, arg, file_of(c->task, value));
	case FETCH_TRACED:
		return ret < 0 ? 0 : put_traced(s, c->task);
	}
	return 0;
}

static __always_inline int capture(struct task_struct *task, struct call *c, u32 left)
{
	left = left_by_program(c, task, left);
	/* What was opened has been looked at already, but for how it was asked for. */
	if (left & (c->file ? demands_of(c)->asks[OF_SPELLED] : demands_of(c)->of_file))
		left = look(c, left);
	u32 ring = ring_for(c, left);
	if (ring == RING_NONE)
		return 0;
	struct scratch *s = scratch_of(SCRATCH_TASK);
	if (!s)
		return 0;
	struct head *h = begin(s, task, KIND_SYSCALL);
	h->flags = c->flags | (c->scope == SCOPE_CONTAINER ? FLAG_CONTAINER : 0);
	h->nr = c->nr;
	h->ret = c->ret;
	c->mnt_ns = h->mnt_ns;
	for (int i = 0; i < 6; i++)
		h->args[i] = c->args[i];
	u32 fetches = plan_of(c)->fetches;
	for (u32 i = 0; i < FETCHES && i < fetches; i++)
		fetch(s, c, i);
	return finish(s, ring, plan_of(c)->label);
}
