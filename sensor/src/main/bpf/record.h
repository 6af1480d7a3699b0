/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes through the ring buffers: a head of fixed size, then sections of a tag, a length and bytes. All numbers are in
 * the machine's order; the reader's offsets are in BpfRecord.java.
 *
 *  0 time_ns                       CLOCK_MONOTONIC
 *  8 kind(2) flags(2) nr(4)        kind: enum kind; nr: syscall number without the x32 bit
 * 16 ret
 * 24 tgid(4) tid(4)                in the initial pid namespace
 * 32 ppid(4) session(4)
 * 40 uid gid euid suid fsuid egid sgid fsgid     (4 each)
 * 72 auid(4) mnt_ns(4)
 * 80 pid_ns(4) reserved(4)
 * 88 cgroup                        id of the cgroup v2
 * 96 comm[16]
 * 112 args[6]
 * 160 sections
 */
#pragma once

#define RECORD_MAX 45056
#define RECORD_FULL (RECORD_MAX - 4096 - 128)
#define TEXT_MAX 4096
#define ARGV_MAX 12288

enum kind {
	KIND_SYSCALL = 1,
	KIND_FORK = 2,
	KIND_EXEC = 3,
	KIND_EXIT = 4,
	KIND_CAPABILITY = 5,
	KIND_URING = 6,
	KIND_SIGNAL = 7,
};

enum record_flag {
	FLAG_COMPAT = 1, /* 32-bit system call: int 0x80, sysenter, arm */
	FLAG_X32 = 2,
	FLAG_CUT = 4,       /* something did not fit */
	FLAG_CONTAINER = 8, /* the filter took the process for a container's */
	FLAG_INTERPRETED = 16,
};

enum tag {
	TAG_TEXT = 1,  /* a string argument; arg is its place */
	TAG_PATH = 2,  /* a path as asked for */
	TAG_BASE = 3,  /* the directory that the path of the same arg begins in */
	TAG_FILE = 4,  /* struct file_section and the resolved path */
	TAG_BYTES = 5, /* memory behind an argument */
	TAG_SOCKET = 6,
	TAG_ARGV = 7,
	TAG_CGROUP = 8,
	TAG_CWD = 9,
	TAG_TTY = 10,
	TAG_NAMESPACE = 11, /* type(4) inode(4) */
	TAG_TASK = 12,      /* tgid(4) reserved(4) comm[16] */
	TAG_ENVIRONMENT = 13, /* 0: the entries whose keys are asked for; 1: how it begins */
	TAG_MOUNT = 14,       /* the type of the file system of a mount; TAG_TEXT of the same arg: its source */
};

struct head {
	u64 time_ns;
	u16 kind;
	u16 flags;
	u32 nr;
	s64 ret;
	u32 tgid, tid, ppid, session;
	u32 uid, gid, euid, suid, fsuid, egid, sgid, fsgid;
	u32 auid, mnt_ns, pid_ns, reserved;
	u64 cgroup;
	char comm[16];
	u64 args[6];
};

/* Java reads it at these offsets: BpfRecord. */
_Static_assert(__builtin_offsetof(struct head, time_ns) == 0, "time_ns");
_Static_assert(__builtin_offsetof(struct head, kind) == 8, "kind");
_Static_assert(__builtin_offsetof(struct head, flags) == 10, "flags");
_Static_assert(__builtin_offsetof(struct head, nr) == 12, "nr");
_Static_assert(__builtin_offsetof(struct head, ret) == 16, "ret");
_Static_assert(__builtin_offsetof(struct head, tgid) == 24, "tgid");
_Static_assert(__builtin_offsetof(struct head, tid) == 28, "tid");
_Static_assert(__builtin_offsetof(struct head, ppid) == 32, "ppid");
_Static_assert(__builtin_offsetof(struct head, session) == 36, "session");
_Static_assert(__builtin_offsetof(struct head, uid) == 40, "uid");
_Static_assert(__builtin_offsetof(struct head, gid) == 44, "gid");
_Static_assert(__builtin_offsetof(struct head, euid) == 48, "euid");
_Static_assert(__builtin_offsetof(struct head, suid) == 52, "suid");
_Static_assert(__builtin_offsetof(struct head, fsuid) == 56, "fsuid");
_Static_assert(__builtin_offsetof(struct head, egid) == 60, "egid");
_Static_assert(__builtin_offsetof(struct head, sgid) == 64, "sgid");
_Static_assert(__builtin_offsetof(struct head, fsgid) == 68, "fsgid");
_Static_assert(__builtin_offsetof(struct head, auid) == 72, "auid");
_Static_assert(__builtin_offsetof(struct head, mnt_ns) == 76, "mnt_ns");
_Static_assert(__builtin_offsetof(struct head, pid_ns) == 80, "pid_ns");
_Static_assert(__builtin_offsetof(struct head, cgroup) == 88, "cgroup");
_Static_assert(__builtin_offsetof(struct head, comm) == 96, "comm");
_Static_assert(__builtin_offsetof(struct head, args) == 112, "args");
_Static_assert(sizeof(struct head) == 160, "head");

struct section {
	u16 tag;
	u16 arg;
	u32 length;
};

/* Java reads it at these offsets: BpfRecord. */
_Static_assert(__builtin_offsetof(struct section, tag) == 0, "tag");
_Static_assert(__builtin_offsetof(struct section, arg) == 2, "arg");
_Static_assert(__builtin_offsetof(struct section, length) == 4, "length");
_Static_assert(sizeof(struct section) == 8, "section");

enum file_flag {
	FILE_DELETED = 1,
	FILE_OVERLAY = 2,
	FILE_UPPER = 4, /* lies in the writable layer of an overlay */
	FILE_CREATED = 8,
	FILE_CUT = 16,
	FILE_FOREIGN = 32,  /* in another mount namespace than the process */
	FILE_DETACHED = 64, /* in no mount namespace */
	FILE_HOST = 128,    /* foreign, and the host's */
	FILE_OWN = 256,     /* of /proc, and about the process itself */
	FILE_NAMED = 512,   /* its path is where its file system has it, wherever the mount is */
};

struct file_section {
	u64 inode;
	u32 device, mode, uid, gid, rdev, flags;
	u32 mnt_ns, f_flags;
	char fs_type[16];
};

/* Java reads it at these offsets: RecordFiles. */
_Static_assert(__builtin_offsetof(struct file_section, inode) == 0, "inode");
_Static_assert(__builtin_offsetof(struct file_section, device) == 8, "device");
_Static_assert(__builtin_offsetof(struct file_section, mode) == 12, "mode");
_Static_assert(__builtin_offsetof(struct file_section, uid) == 16, "uid");
_Static_assert(__builtin_offsetof(struct file_section, gid) == 20, "gid");
_Static_assert(__builtin_offsetof(struct file_section, rdev) == 24, "rdev");
_Static_assert(__builtin_offsetof(struct file_section, flags) == 28, "flags");
_Static_assert(__builtin_offsetof(struct file_section, mnt_ns) == 32, "mnt_ns");
_Static_assert(__builtin_offsetof(struct file_section, f_flags) == 36, "f_flags");
_Static_assert(__builtin_offsetof(struct file_section, fs_type) == 40, "fs_type");
_Static_assert(sizeof(struct file_section) == 56, "file_section");

/* The first bytes of a path's component. */
struct component {
	u64 words[5];
};

enum lookup_result {
	LOOKUP_LOST,   /* it cannot be told where the path leads */
	LOOKUP_OBJECT, /* to a file that is there */
	LOOKUP_NAME,   /* to a name in a directory */
};
enum lookup_flag {
	LOOKUP_FOLLOW = 1, /* a link as the last name as well */
	LOOKUP_WORKED = 2, /* the call did */
	LOOKUP_PLACE = 4,  /* not what is mounted on it */
};

/* The state of lookup.h: how far it has come, and what is left of the path. */
struct lookup {
	u64 mnt, dentry; /* struct mount, struct dentry */
	u64 root_mnt, root_dentry;
	u64 node; /* of the list that is gone through */
	u32 at, end, length;
	u32 mode, result, flags, links, last;
	u64 name[32], other[32];
	char text[12288];
};

/* Where a record is put together. Programs that may interrupt each other have one each. */
struct scratch {
	u32 length;
	/* Of spell_word: where the component begins, by which tables, whether only of paths as asked, what was found, and the component. */
	u32 begin;
	u32 generation, only_spelled;
	u64 found;
	struct component component;
	struct lookup lookup;
	char walk[8192];
	u8 bytes[RECORD_MAX + 512];
};

enum scratch_owner { SCRATCH_TASK, SCRATCH_CAPABILITY, SCRATCH_SIGNAL, SCRATCH_COUNT };

/* A row a processor: too large for a per-cpu map. Programs at tracepoints are not preempted. The loader sets the size. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8 * SCRATCH_COUNT);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

/* What every rule set may want in great numbers. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} flood SEC(".maps");

/* Processes, and what only an attack does: no flood of opens takes more than half its room. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} vital SEC(".maps");

/*
 * Named: what may come in great numbers, but of files that rules name. It goes to the vital ring while that has half its room
 * and the process has not told much of the kind lately, so that neither many processes nor one take the room of others.
 */
enum ring { RING_NONE, RING_FLOOD, RING_NAMED, RING_VITAL };

#define NAMED_PER_SECOND 500

struct process_state {
	u32 contained; /* a container's process is one since its first exec in another mount namespace, and so are its children */
	u32 named;     /* records of RING_NAMED in this second */
	u64 second;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct process_state);
} processes SEC(".maps");

/* Records that found no room: a row a label (see struct plan), one column each ring. */
#define LABELS 96
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LABELS);
	__type(key, u32);
	__type(value, u64);
} lost SEC(".maps");

static __always_inline struct scratch *scratch_of(u32 owner)
{
	u32 key = bpf_get_smp_processor_id() * SCRATCH_COUNT + owner;
	return bpf_map_lookup_elem(&scratches, &key);
}

static __always_inline struct section *section_at(struct scratch *s, u32 at, u16 tag, u16 arg)
{
	struct section *section = (void *)&s->bytes[at];
	section->tag = tag;
	section->arg = arg;
	section->length = 0;
	return section;
}

/*
 * Ends a section of so many bytes. What fills its last word would be left over from an earlier record, maybe of another
 * process: one store across the end clears it, and the beginning of what is written next.
 */
static __always_inline void end_section(struct scratch *s, u32 at, u32 length)
{
	u32 end = at + sizeof(struct section) + length;
	if (end > RECORD_MAX + 504)
		return;
	*(u64 *)&s->bytes[end] = 0;
	((struct section *)&s->bytes[at])->length = length;
	s->length = (end + 7) & ~7;
}

static __always_inline void cut(struct scratch *s)
{
	((struct head *)s->bytes)->flags |= FLAG_CUT;
}

/*
 * The functions below are global: the verifier looks at each of them once, not at every call. That is also why they take
 * addresses as numbers and check what cannot be null.
 */

/* Appends a string of the program's memory or of the kernel's. */
__noinline int put_text(struct scratch *s, u16 tag, u16 arg, u64 address, bool of_kernel)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_FULL) {
		cut(s);
		return 0;
	}
	struct section *section = section_at(s, at, tag, arg);
	void *to = &s->bytes[at + 8];
	long n = of_kernel ? bpf_probe_read_kernel_str(to, TEXT_MAX, (void *)address)
			   : bpf_probe_read_user_str(to, TEXT_MAX, (void *)address);
	if (n <= 0 || n > TEXT_MAX) {
		/* Not there, or not readable: said by a length that no text has. */
		section->length = ~0u;
		s->length = at + 8;
		return 0;
	}
	/* Padded as the reader counts: without the zero at the end. */
	end_section(s, at, n - 1);
	return 0;
}

static __always_inline int put_user_text(struct scratch *s, u16 tag, u16 arg, u64 address)
{
	return put_text(s, tag, arg, address, false);
}

static __always_inline int put_kernel_text(struct scratch *s, u16 tag, u16 arg, u64 address)
{
	return put_text(s, tag, arg, address, true);
}

/* Appends memory of the program. */
__noinline int put_user_bytes(struct scratch *s, u16 tag, u16 arg, u64 address, u64 size)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_FULL) {
		cut(s);
		return 0;
	}
	struct section *section = section_at(s, at, tag, arg);
	if (size > TEXT_MAX) {
		size = TEXT_MAX;
		cut(s);
	}
	if (bpf_probe_read_user(&s->bytes[at + 8], size, (void *)address)) {
		section->length = ~0u;
		s->length = at + 8;
		return 0;
	}
	end_section(s, at, size);
	return 0;
}

__noinline int put_pair(struct scratch *s, u16 tag, u16 arg, u32 first, u32 second)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_FULL) {
		cut(s);
		return 0;
	}
	struct section *section = section_at(s, at, tag, arg);
	section->length = 8;
	u32 *values = (void *)&s->bytes[at + 8];
	values[0] = first;
	values[1] = second;
	s->length = at + 16;
	return 0;
}

__noinline int put_task(struct scratch *s, u16 arg, u32 tgid, u64 comm)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_FULL) {
		cut(s);
		return 0;
	}
	struct section *section = section_at(s, at, TAG_TASK, arg);
	section->length = 24;
	u32 *values = (void *)&s->bytes[at + 8];
	values[0] = tgid;
	values[1] = 0;
	bpf_probe_read_kernel(&s->bytes[at + 16], 16, (void *)comm);
	s->length = at + 32;
	return 0;
}

/* The head, of the process that runs now. */
static __always_inline struct head *begin(struct scratch *s, struct task_struct *task, u16 kind)
{
	struct head *h = (struct head *)s->bytes;
	const struct cred *cred = task->cred;
	h->time_ns = bpf_ktime_get_ns();
	h->kind = kind;
	h->flags = 0;
	h->nr = 0;
	h->ret = 0;
	h->tgid = task->tgid;
	h->tid = task->pid;
	h->ppid = task->real_parent->tgid;
	h->session = task->sessionid;
	h->uid = cred->uid.val;
	h->gid = cred->gid.val;
	h->euid = cred->euid.val;
	h->suid = cred->suid.val;
	h->fsuid = cred->fsuid.val;
	h->egid = cred->egid.val;
	h->sgid = cred->sgid.val;
	h->fsgid = cred->fsgid.val;
	h->auid = task->loginuid.val;
	h->mnt_ns = 0;
	h->pid_ns = 0;
	struct nsproxy *ns = task->nsproxy;
	if (ns) {
		h->mnt_ns = ns->mnt_ns->ns.inum;
		h->pid_ns = ns->pid_ns_for_children->ns.inum;
	}
	h->reserved = 0;
	h->cgroup = task->cgroups->dfl_cgrp->kn->id;
	((u64 *)h->comm)[0] = ((u64 *)task->comm)[0];
	((u64 *)h->comm)[1] = ((u64 *)task->comm)[1];
	__builtin_memset(h->args, 0, sizeof(h->args));
	s->length = sizeof(*h);
	return h;
}

/* Whether a named record of the process that runs is worth the vital ring. */
static __always_inline bool is_rare(u64 time_ns)
{
	struct process_state *state = bpf_task_storage_get(&processes, bpf_get_current_task_btf()->group_leader, 0,
							   BPF_LOCAL_STORAGE_GET_F_CREATE);
	u64 second = time_ns / 1000000000;
	if (state && state->second != second) {
		state->second = second;
		state->named = 0;
	}
	if (state && state->named++ >= NAMED_PER_SECOND)
		return false;
	return 2 * bpf_ringbuf_query(&vital, BPF_RB_AVAIL_DATA) <= bpf_ringbuf_query(&vital, BPF_RB_RING_SIZE);
}

/* Hands the record over; without room it is counted under its label. */
__noinline int finish(struct scratch *s, u32 ring, u32 label)
{
	if (!s)
		return 0;
	u32 length = s->length;
	if (length > RECORD_MAX)
		return 0;
	if (ring == RING_NAMED)
		ring = is_rare(((struct head *)s->bytes)->time_ns) ? RING_VITAL : RING_FLOOD;
	/* Without flags a reader that has read all is woken, and only then. */
	u64 flags = control.unwaking ? BPF_RB_NO_WAKEUP : 0;
	long failed = ring == RING_VITAL ? bpf_ringbuf_output(&vital, s->bytes, length, flags)
					 : bpf_ringbuf_output(&flood, s->bytes, length, flags);
	if (failed) {
		u64 *count = bpf_map_lookup_elem(&lost, &label);
		if (count)
			*count += 1;
	}
	return 0;
}
