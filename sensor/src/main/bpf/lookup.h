/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a path leads, by the kernel's own tree: for calls that take a path and leave no open file. When they end, what they went
 * through is in the cache of directory entries; the path is followed there as fs/namei.c does: links, `..`, mounts, the root
 * and the links of /proc. No lock is taken: what another thread moves away meanwhile is not found, and then the path is lost,
 * which the reader is told.
 *
 * It is one loop, each step of which does one small thing, so that its length is bounded whatever directories a program makes.
 */
#pragma once

#define LOOKUP_STEPS 8192
#define LOOKUP_LINKS 40 /* MAXSYMLINKS of linux/namei.h */
#define LOOKUP_TEXT 4096
#define OVERLAYFS_SUPER_MAGIC 0x794c7630

enum lookup_mode { LOOKUP_BEGIN, LOOKUP_MEASURE, LOOKUP_SCAN, LOOKUP_MOUNTED };

static __always_inline u64 mounted_flag(void)
{
	/* Up to Linux 6.8 it was a macro. */
	return bpf_core_enum_value_exists(enum dentry_flags, DCACHE_MOUNTED)
		       ? bpf_core_enum_value(enum dentry_flags, DCACHE_MOUNTED)
		       : 0x10000;
}

static __always_inline u64 first_child(u64 dentry)
{
	struct dentry *d = (void *)dentry;
	struct dentry___6_8 *newer = (void *)dentry;
	if (bpf_core_field_exists(newer->d_children))
		return (u64)BPF_CORE_READ(newer, d_children.first);
	return (u64)BPF_CORE_READ(d, d_subdirs.next);
}

static __always_inline u64 child_link(void)
{
	struct dentry___6_8 *newer = 0;
	return bpf_core_field_exists(newer->d_children) ? bpf_core_field_offset(struct dentry___6_8, d_sib)
							: bpf_core_field_offset(struct dentry, d_child);
}

static __always_inline bool no_more_children(u64 dentry, u64 node)
{
	struct dentry___6_8 *newer = 0;
	return !node || (!bpf_core_field_exists(newer->d_children) &&
			 node == dentry + bpf_core_field_offset(struct dentry, d_subdirs));
}

static __always_inline long gives_up(struct lookup *l)
{
	l->result = LOOKUP_LOST;
	return 1;
}

/* A call that worked went through all but the last name. */
static __always_inline long is_missing(struct lookup *l)
{
	l->result = l->last || !(l->flags & LOOKUP_WORKED) ? LOOKUP_NAME : LOOKUP_LOST;
	return 1;
}

/* The name that was measured has been dealt with. */
static __always_inline long go_on(struct lookup *l, u64 dentry)
{
	l->dentry = dentry;
	l->at = l->end;
	l->mode = LOOKUP_BEGIN;
	struct dentry *d = (void *)dentry;
	if ((BPF_CORE_READ(d, d_flags) & mounted_flag()) && !(l->last && (l->flags & LOOKUP_PLACE))) {
		struct mount *mount = (void *)l->mnt;
		l->node = (u64)BPF_CORE_READ(mount, mnt_mounts.next);
		l->mode = LOOKUP_MOUNTED;
	}
	return 0;
}

static __always_inline long go_up(struct lookup *l)
{
	struct mount *mount = (void *)l->mnt;
	struct dentry *dentry = (void *)l->dentry;
	if (l->dentry == l->root_dentry && l->mnt == l->root_mnt)
		return go_on(l, l->dentry);
	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		struct mount *parent = BPF_CORE_READ(mount, mnt_parent);
		if (parent == mount)
			return go_on(l, l->dentry);
		/* Once more, from the place that it is mounted on. */
		l->dentry = (u64)BPF_CORE_READ(mount, mnt_mountpoint);
		l->mnt = (u64)parent;
		l->mode = LOOKUP_BEGIN;
		return 0;
	}
	return go_on(l, (u64)BPF_CORE_READ(dentry, d_parent));
}

/* The path goes on at a place that no text says. */
static __always_inline long jump(struct lookup *l, u64 vfsmnt, u64 dentry)
{
	if (!vfsmnt || !dentry)
		return gives_up(l);
	l->mnt = vfsmnt - bpf_core_field_offset(struct mount, mnt);
	return go_on(l, dentry);
}

/* A link's text takes the place of the name, before what is left of the path. */
static __always_inline long put_link(struct scratch *s, struct lookup *l, u32 length)
{
	u32 end = l->end;
	if (length == 0 || length >= LOOKUP_TEXT || end < length)
		return gives_up(l);
	u32 begin = end - length;
	barrier_var(begin);
	bpf_probe_read_kernel(&l->text[begin & 8191], length & (LOOKUP_TEXT - 1), s->walk);
	l->at = begin;
	l->mode = LOOKUP_BEGIN;
	if (s->walk[0] == '/') {
		l->mnt = l->root_mnt;
		l->dentry = l->root_dentry;
	}
	return 0;
}

#define NAME_SELF 0x666c6573ULL /* "self" */
#define NAME_ROOT 0x746f6f72ULL /* "root" */
#define NAME_CWD 0x647763ULL    /* "cwd" */
#define NAME_FD 0x6466ULL       /* "fd" */

/* Links of /proc: /proc/self, and of /proc/PID root, cwd and what is in fd. */
static __always_inline long follow_proc(struct scratch *s, struct lookup *l, struct inode *inode)
{
	struct super_block *sb = BPF_CORE_READ(inode, i_sb);
	struct dentry *dir = (void *)l->dentry;
	u64 name = l->name[0];
	if (BPF_CORE_READ(sb, s_root) == dir) {
		struct task_struct *task = (void *)bpf_get_current_task();
		struct proc_fs_info *info = BPF_CORE_READ(sb, s_fs_info);
		struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
		u32 level = BPF_CORE_READ(info, pid_ns, level);
		if (name != NAME_SELF || level > BPF_CORE_READ(pid, level))
			return gives_up(l);
		struct upid *number = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
				      level * bpf_core_type_size(struct upid);
		u32 nr = BPF_CORE_READ(number, nr);
		u32 at = 16;
		for (int i = 0; i < 10; i++) {
			at--;
			s->walk[at & 15] = '0' + nr % 10;
			nr /= 10;
			if (!nr)
				break;
		}
		u32 length = 16 - at;
		u64 digits[2];
		bpf_probe_read_kernel(digits, 16, s->walk);
		__builtin_memcpy(&s->walk[16], digits, 16);
		bpf_probe_read_kernel(s->walk, 15, &s->walk[16 + (at & 15)]);
		return put_link(s, l, length);
	}
	struct proc_inode *proc = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct hlist_node *first = BPF_CORE_READ(proc, pid, tasks[0].first);
	if (!first)
		return gives_up(l);
	struct task_struct *task = (void *)first - bpf_core_field_offset(struct task_struct, pid_links);
	if (name == NAME_ROOT)
		return jump(l, (u64)BPF_CORE_READ(task, fs, root.mnt), (u64)BPF_CORE_READ(task, fs, root.dentry));
	if (name == NAME_CWD)
		return jump(l, (u64)BPF_CORE_READ(task, fs, pwd.mnt), (u64)BPF_CORE_READ(task, fs, pwd.dentry));
	u64 directory = 0;
	bpf_probe_read_kernel_str(&directory, sizeof(directory), BPF_CORE_READ(dir, d_name.name));
	struct file *file = directory == NAME_FD ? (void *)file_of((u64)task, BPF_CORE_READ(proc, fd)) : 0;
	if (!file)
		return gives_up(l);
	return jump(l, (u64)BPF_CORE_READ(file, f_path.mnt), (u64)BPF_CORE_READ(file, f_path.dentry));
}

/* Overlayfs asks the file system below for the text. */
static __always_inline struct inode *overlaid(struct inode *inode)
{
	if (!bpf_core_field_exists(struct ovl_inode, __upperdentry))
		return 0;
	struct ovl_inode *o = (void *)inode - bpf_core_field_offset(struct ovl_inode, vfs_inode);
	struct dentry *below = BPF_CORE_READ(o, __upperdentry);
	if (!below && bpf_core_field_exists(o->oe)) {
		struct ovl_entry *entry = BPF_CORE_READ(o, oe);
		struct ovl_path *path = (void *)entry + bpf_core_field_offset(struct ovl_entry, __lowerstack);
		below = BPF_CORE_READ(path, dentry);
	}
	return below ? BPF_CORE_READ(below, d_inode) : 0;
}

/* Only texts that lie in memory are read: short ones, on nearly all file systems. */
static __always_inline long follow(struct scratch *s, struct lookup *l, struct inode *inode)
{
	l->links++;
	if (l->links > LOOKUP_LINKS)
		return gives_up(l);
	u64 magic = BPF_CORE_READ(inode, i_sb, s_magic);
	if (magic == PROC_SUPER_MAGIC && !BPF_CORE_READ(inode, i_link))
		return follow_proc(s, l, inode);
	if (magic == OVERLAYFS_SUPER_MAGIC)
		inode = overlaid(inode);
	const char *text = inode ? BPF_CORE_READ(inode, i_link) : 0;
	long n = text ? bpf_probe_read_kernel_str(s->walk, LOOKUP_TEXT, text) : 0;
	return n <= 1 ? gives_up(l) : put_link(s, l, n - 1);
}

/* Finds the end of the name that begins where the path has come to, eight characters at a time. */
static __always_inline long measure(struct lookup *l)
{
	u32 end = l->end & 8191;
	u64 word = *(u64 *)&l->text[end];
	u32 i = 0;
	for (; i < 8; i++) {
		u8 c = word >> 8 * i;
		if (c == '/' || c == 0)
			break;
	}
	l->end = end + i;
	if (i == 8)
		return 0;
	u32 at = l->at & 8191;
	u32 length = l->end - at;
	if (length > 255)
		return gives_up(l);
	end = l->end & 8191;
	l->last = !l->text[end] || !l->text[end + 1];
	if (length == 1 && l->text[at] == '.')
		return go_on(l, l->dentry);
	if (length == 2 && l->text[at] == '.' && l->text[at + 1] == '.')
		return go_up(l);
	if (l->last && !(l->flags & LOOKUP_FOLLOW)) {
		l->result = LOOKUP_NAME;
		return 1;
	}
	__builtin_memset(l->name, 0, sizeof(l->name));
	bpf_probe_read_kernel(l->name, length & 255, &l->text[at]);
	l->length = length;
	l->node = first_child(l->dentry);
	l->mode = LOOKUP_SCAN;
	return 0;
}

static __always_inline long scan(struct scratch *s, struct lookup *l)
{
	u64 node = l->node;
	if (no_more_children(l->dentry, node))
		return is_missing(l);
	u64 child = node - child_link();
	struct {
		u64 hash_next, hash_pprev;
		struct dentry_head d;
	} entry;
	if (bpf_probe_read_kernel(&entry, sizeof(entry), (void *)child + bpf_core_field_offset(struct dentry, d_hash)) ||
	    bpf_probe_read_kernel(&l->node, sizeof(l->node), (void *)node))
		return gives_up(l);
	if (entry.d.d_parent != l->dentry)
		return gives_up(l); /* moved away while it was looked at */
	u32 length = l->length;
	if (entry.d.d_len != length || !entry.hash_pprev)
		return 0;
	__builtin_memset(l->other, 0, sizeof(l->other));
	bpf_probe_read_kernel(l->other, length & 255, (void *)entry.d.d_name);
	u64 different = 0;
	for (int i = 0; i < 32; i++)
		different |= l->name[i] ^ l->other[i];
	if (different)
		return 0;
	struct inode *inode = (void *)entry.d.d_inode;
	if (!inode)
		return is_missing(l);
	if ((BPF_CORE_READ(inode, i_mode) & 0xf000) == 0xa000)
		return follow(s, l, inode);
	return go_on(l, child);
}

static __always_inline long cross(struct lookup *l)
{
	u64 node = l->node;
	if (!node || node == l->mnt + bpf_core_field_offset(struct mount, mnt_mounts)) {
		l->mode = LOOKUP_BEGIN;
		return 0;
	}
	struct mount *child = (void *)(node - bpf_core_field_offset(struct mount, mnt_child));
	if ((u64)BPF_CORE_READ(child, mnt_mountpoint) != l->dentry) {
		l->node = (u64)BPF_CORE_READ(child, mnt_child.next);
		return 0;
	}
	l->mnt = (u64)child;
	l->dentry = (u64)BPF_CORE_READ(child, mnt.mnt_root);
	l->node = (u64)BPF_CORE_READ(child, mnt_mounts.next);
	return 0;
}

static long lookup_step(u64 index, u32 *owner)
{
	struct scratch *s = scratch_of(*owner);
	if (!s)
		return 1;
	struct lookup *l = &s->lookup;
	switch (l->mode) {
	case LOOKUP_MEASURE:
		return measure(l);
	case LOOKUP_SCAN:
		return scan(s, l);
	case LOOKUP_MOUNTED:
		return cross(l);
	}
	u32 at = l->at & 8191;
	char c = l->text[at];
	if (c == 0) {
		l->result = LOOKUP_OBJECT;
		return 1;
	}
	if (c == '/') {
		l->at = at + 1;
	} else {
		l->end = at;
		l->mode = LOOKUP_MEASURE;
	}
	return 0;
}

/* Follows the path whose text lies at LOOKUP_TEXT; the answer is the scratch's lookup. */
__noinline int look_up(u32 owner, struct base *base, u32 flags)
{
	struct scratch *s = scratch_of(owner);
	if (!s || !base)
		return 0;
	struct lookup *l = &s->lookup;
	struct task_struct *task = (void *)bpf_get_current_task();
	u64 offset = bpf_core_field_offset(struct mount, mnt);
	l->flags = flags;
	l->result = LOOKUP_LOST;
	if (!base->dentry || !base->mnt)
		return 0;
	l->mnt = base->mnt - offset;
	l->dentry = base->dentry;
	l->root_mnt = (u64)BPF_CORE_READ(task, fs, root.mnt) - offset;
	l->root_dentry = (u64)BPF_CORE_READ(task, fs, root.dentry);
	l->at = l->end = LOOKUP_TEXT;
	l->links = 0;
	l->last = 0;
	l->mode = LOOKUP_BEGIN;
	bpf_loop(LOOKUP_STEPS, lookup_step, &owner, 0);
	return 0;
}

/* Appends what was found: the file, or the name that it has or had in its directory. */
__noinline int put_found(struct scratch *s, u32 owner, u16 arg, u32 own_mnt_ns)
{
	if (!s)
		return 0;
	struct lookup *l = &s->lookup;
	u32 at = s->length;
	if (at > RECORD_FULL) {
		cut(s);
		return 0;
	}
	section_at(s, at, TAG_FILE, arg);
	struct file_section *f = (void *)&s->bytes[at + 8];
	u64 vfsmnt = l->mnt + bpf_core_field_offset(struct mount, mnt);
	struct dentry *dentry = (void *)l->dentry;
	bool object = l->result == LOOKUP_OBJECT;
	describe(f, (u64)BPF_CORE_READ(dentry, d_inode), vfsmnt, own_mnt_ns);
	if (!object) {
		/* Known is the directory's file system, and whose it is. */
		f->inode = 0;
		f->device = f->mode = f->rdev = 0;
		f->uid = f->gid = ~0u;
		f->flags &= ~(FILE_DELETED | FILE_UPPER);
	}
	struct walk w;
	walk_text(&w, owner, vfsmnt, l->dentry);
	u32 length = put_walked(s, &w, at + 8 + sizeof(*f));
	if (w.cut)
		f->flags |= FILE_CUT;
	if (!object && length < TEXT_MAX - 128) {
		u32 to = at + 8 + sizeof(*f) + length;
		if (to > RECORD_FULL + 4096)
			return 0;
		u8 *name = &s->bytes[to];
		barrier_var(name);
		name[0] = '/';
		long n = bpf_probe_read_kernel_str(name + 1, 512, &l->text[l->at & 8191]);
		length += n > 0 ? n : 0;
		if (n == 512)
			f->flags |= FILE_CUT;
	}
	end_section(s, at, sizeof(*f) + length);
	return 0;
}
