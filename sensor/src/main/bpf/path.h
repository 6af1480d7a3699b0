/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths from the kernel's own tree: from a dentry up to the root of the mount namespace, through every mount. No name that a
 * program typed takes part, so neither links, chroot nor /proc/self/root change the answer; nor do bind mounts of what lies
 * on the file system of the root directory, or of /proc and /sys.
 *
 * The walk is done for one of two purposes, or both: to write the path down, and to learn which of the components that
 * rules name are in it (see filter.h).
 */
#pragma once

#define WALK_END 4352
#define WALK_STEPS 2200
/* A longer path loses its beginning, whole names of it: rules ask of ends, and a name that leads nowhere would hide the file. */
#define WALK_BEGIN (WALK_END - (TEXT_MAX - 128) + 256)

enum walk_purpose { WALK_TEXT = 1, WALK_COMPONENTS = 2 };

struct walk {
	u64 dentry;
	u64 mnt;      /* struct mount */
	u64 mnt_root; /* its root dentry */
	u64 components;
	u32 pos;
	u32 purpose;
	u32 owner;
	u32 steps;
	u32 cut;
	u32 reached; /* a root of a mount */
	u32 generation;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096 * GENERATIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__type(value, u64);
} components SEC(".maps");

#define COMPONENT_FACTOR 0x9E3779B97F4A7C15ULL

/* The same in Components.java: length and first 40 bytes, zero beyond the end. */
static __always_inline u64 component_hash(const u64 *words, u32 length)
{
	u64 h = length;
#pragma unroll
	for (int i = 0; i < 5; i++) {
		u64 w = words[i];
		s32 rest = (s32)length - 8 * i;
		if (rest <= 0)
			w = 0;
		else if (rest < 8)
			w &= (1ULL << (8 * rest)) - 1;
		h = (h ^ w) * COMPONENT_FACTOR;
		h ^= h >> 29;
	}
	return h;
}

/* Which rules' components a name is, as bits. The keys of the map are hashes, each with its generation as lowest bit. */
__noinline u64 component_bits(struct component *component, u32 length, u32 generation)
{
	if (!component)
		return 0;
	volatile struct tables *tables = tables_of(generation);
	const u64 *words = component->words;
	u32 bit = length < 63 ? length : 63;
	if (!(tables->component_lengths >> bit & 1))
		return 0;
	u64 h = component_hash(words, length);
	u32 at = h & 0xffff;
	if (!(tables->component_bloom[at >> 3] >> (at & 7) & 1))
		return 0;
	h = (h & ~1ULL) | (generation & 1);
	u64 *bits = bpf_map_lookup_elem(&components, &h);
	return bits ? *bits : 0;
}

/* Whether a component of this length and first letter is worth a look. */
static __always_inline bool is_candidate(u32 length, u8 first, u32 generation)
{
	u32 bit = (length & 63) << 8 | first;
	return tables_of(generation)->candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

static __always_inline bool is_spelled_candidate(u32 length, u8 first, u32 generation)
{
	u32 bit = (length & 63) << 8 | first;
	return tables_of(generation)->spelled_candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

static long walk_step(u64 index, struct walk *w)
{
	struct dentry_head d;
	u64 at = w->dentry + bpf_core_field_offset(struct dentry, d_parent);
	if (bpf_probe_read_kernel(&d, sizeof(d), (void *)at))
		return 1;
	if (w->dentry == w->mnt_root) {
		w->reached = 1;
		if (!w->mnt)
			return 1;
		struct mount *mnt = (void *)w->mnt;
		struct mount *parent = BPF_CORE_READ(mnt, mnt_parent);
		if (parent == mnt || !parent)
			return 1;
		w->dentry = (u64)BPF_CORE_READ(mnt, mnt_mountpoint);
		w->mnt = (u64)parent;
		w->mnt_root = (u64)BPF_CORE_READ(parent, mnt.mnt_root);
		return 0;
	}
	if (w->purpose & WALK_COMPONENTS) {
		if (d.d_name != at + __builtin_offsetof(struct dentry_head, d_iname))
			bpf_probe_read_kernel(d.d_iname, sizeof(d.d_iname), (void *)d.d_name);
		w->components |= component_bits((struct component *)d.d_iname, d.d_len, w->generation);
	}
	if (w->purpose & WALK_TEXT) {
		struct scratch *s = scratch_of(w->owner);
		u32 length = d.d_len;
		u32 pos = w->pos;
		if (!s || length > 255 || pos < WALK_BEGIN || pos > WALK_END) {
			w->cut = 1;
			return 1;
		}
		pos -= length;
		bpf_probe_read_kernel(&s->walk[pos & 8191], length & 255, (void *)d.d_name);
		pos -= 1;
		s->walk[pos & 8191] = '/';
		w->pos = pos;
	}
	w->steps++;
	if (d.d_parent == w->dentry)
		return 1; /* not below its mount's root: an anonymous file, or unmounted */
	w->dentry = d.d_parent;
	return 0;
}

/* linux/magic.h */
#define PROC_SUPER_MAGIC 0x9fa0
#define SYSFS_MAGIC 0x62656572

#define PROC_NAME 0x636f7270ULL /* "proc" */
#define SYS_NAME 0x737973ULL    /* "sys" */

/* The mount namespace that a mount is in, 0 for one that is in none: the kernel's own have ERR_PTR(-EINVAL) there. */
static __always_inline u64 namespace_of(u64 mnt_ns)
{
	return mnt_ns < (u64)-4096 ? mnt_ns : 0;
}

/* The names of a file of /proc or /sys do not tell where that is mounted, so what is bound or mounted elsewhere has no other. */
static __always_inline void walk_pseudo(struct walk *w, u64 s_root, u64 name, u32 length)
{
	w->mnt = 0;
	w->mnt_root = s_root;
	bpf_loop(WALK_STEPS, walk_step, w, 0);
	struct component component = {.words = {name}};
	if (w->purpose & WALK_COMPONENTS)
		w->components |= component_bits(&component, length, w->generation);
	struct scratch *s = scratch_of(w->owner);
	u32 pos = w->pos - length - 1;
	if (!(w->purpose & WALK_TEXT) || !s || w->cut || pos > WALK_END)
		return;
	w->pos = pos;
	w->steps++;
	barrier_var(pos); /* or the compiler takes the masks away */
	s->walk[pos & 8191] = '/';
	pos++;
	barrier_var(pos);
	bpf_probe_read_kernel(&s->walk[pos & 8191], length & 7, &component);
}

/*
 * What lies on the file system of the root directory has the name that it has there, also where a bind mount shows it by
 * another: returns the root's mount, 0 when the file is not on its file system or the mount is another namespace's.
 */
static __always_inline u64 root_mount(struct vfsmount *vfsmnt, struct super_block *sb)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct vfsmount *root = BPF_CORE_READ(task, fs, root.mnt);
	if (!root || root == vfsmnt || BPF_CORE_READ(root, mnt_sb) != sb)
		return 0;
	struct mount *mnt = (void *)vfsmnt - bpf_core_field_offset(struct mount, mnt);
	struct mount *mnt_of_root = (void *)root - bpf_core_field_offset(struct mount, mnt);
	return BPF_CORE_READ(mnt, mnt_ns) == BPF_CORE_READ(mnt_of_root, mnt_ns) ? (u64)mnt_of_root : 0;
}

__noinline int walk_path(struct walk *result, u64 address, u64 dentry)
{
	if (!result)
		return 0;
	struct vfsmount *vfsmnt = (void *)address;
	struct super_block *sb = BPF_CORE_READ(vfsmnt, mnt_sb);
	u64 magic = BPF_CORE_READ(sb, s_magic);
	/* bpf_loop takes what lies on the stack only. */
	struct walk w = {
		.dentry = dentry,
		.pos = WALK_END,
		.purpose = result->purpose,
		.owner = result->owner,
		.generation = result->generation,
	};
	u64 root;
	if (magic == PROC_SUPER_MAGIC) {
		walk_pseudo(&w, (u64)BPF_CORE_READ(sb, s_root), PROC_NAME, 4);
	} else if (magic == SYSFS_MAGIC) {
		walk_pseudo(&w, (u64)BPF_CORE_READ(sb, s_root), SYS_NAME, 3);
	} else if ((root = root_mount(vfsmnt, sb))) {
		w.mnt = root;
		w.mnt_root = (u64)BPF_CORE_READ((struct mount *)root, mnt.mnt_root);
		bpf_loop(WALK_STEPS, walk_step, &w, 0);
	}
	if (!w.reached && !w.cut) {
		/* All of the walk's beginning anew: what was gone through is not below the root that was tried. */
		w.dentry = dentry;
		w.components = 0;
		w.pos = WALK_END;
		w.steps = 0;
		w.mnt = address - bpf_core_field_offset(struct mount, mnt);
		w.mnt_root = (u64)BPF_CORE_READ(vfsmnt, mnt_root);
		bpf_loop(WALK_STEPS, walk_step, &w, 0);
	}
	*result = w;
	return 0;
}

/* Appends what was walked; returns how many bytes. */
__noinline u32 put_walked(struct scratch *s, struct walk *w, u64 at)
{
	if (!s || !w || at > RECORD_FULL + 128)
		return 0;
	u32 pos = w->pos;
	if (w->steps == 0) {
		s->bytes[at] = '/';
		return 1;
	}
	u32 length = WALK_END - pos;
	if (pos > WALK_END || length > TEXT_MAX - 128) {
		cut(s);
		return 0;
	}
	bpf_probe_read_kernel(&s->bytes[at], length & 8191, &s->walk[pos & 8191]);
	return length;
}

/* Appends a directory or file of which only mount and dentry are known. */
__noinline int put_path(struct scratch *s, u32 owner, u32 tag_and_arg, u64 vfsmnt, u64 dentry)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_FULL || !dentry) {
		cut(s);
		return 0;
	}
	struct walk w = {.purpose = WALK_TEXT, .owner = owner};
	walk_path(&w, vfsmnt, dentry);
	struct section *section = section_at(s, at, tag_and_arg >> 16, tag_and_arg);
	u32 length = put_walked(s, &w, at + 8);
	section->length = length;
	if (w.cut)
		cut(s);
	s->length = at + 8 + ((length + 7) & ~7);
	return 0;
}

/* Where a path begins. */
struct base {
	u64 mnt, dentry;
};

static __always_inline u64 file_of(u64 task, s32 fd)
{
	struct task_struct *t = (void *)task;
	struct fdtable *fdt = BPF_CORE_READ(t, files, fdt);
	if (fd < 0 || !fdt || (u32)fd >= BPF_CORE_READ(fdt, max_fds))
		return 0;
	u64 file = 0;
	bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(fdt, fd) + fd);
	return file;
}

static __always_inline u32 overlay_flags(struct inode *inode, const char *fs_type)
{
	u64 name = *(u64 *)fs_type;
	if (name != 0x0079616c7265766fULL) /* "overlay" */
		return 0;
	if (!bpf_core_field_exists(struct ovl_inode, __upperdentry))
		return FILE_OVERLAY;
	void *ovl = (void *)inode - bpf_core_field_offset(struct ovl_inode, vfs_inode);
	struct ovl_inode *o = ovl;
	u64 upper = (u64)BPF_CORE_READ(o, __upperdentry);
	return upper ? FILE_OVERLAY | FILE_UPPER : FILE_OVERLAY;
}

#define FMODE_CREATED 0x100000

/* Whether a file of /proc is about the process that runs, under whatever number. */
static __always_inline bool is_own(struct inode *inode, struct super_block *sb)
{
	if (BPF_CORE_READ(sb, s_magic) != PROC_SUPER_MAGIC)
		return false;
	struct proc_inode *proc = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct task_struct *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(proc, pid) == BPF_CORE_READ(task, group_leader, thread_pid);
}

/* FILE_* flags that only ask numbers. */
static __always_inline u32 plain_flags(u32 nlink, u32 f_mode, u32 mnt_ns, u32 own_mnt_ns)
{
	u32 flags = nlink == 0 ? FILE_DELETED : 0;
	if (f_mode & FMODE_CREATED)
		flags |= FILE_CREATED;
	if (mnt_ns == 0)
		flags |= FILE_DETACHED;
	else if (mnt_ns != own_mnt_ns)
		flags |= mnt_ns == control.host_mnt_ns ? FILE_FOREIGN | FILE_HOST : FILE_FOREIGN;
	return flags;
}

/* What a file is, but for its path and how it was opened. */
__noinline int describe(struct file_section *f, u64 address, u64 vfsmnt, u32 own_mnt_ns)
{
	if (!f)
		return 0;
	struct inode *inode = (void *)address;
	struct super_block *sb = BPF_CORE_READ(inode, i_sb);
	__builtin_memset(f->fs_type, 0, sizeof(f->fs_type));
	bpf_probe_read_kernel_str(f->fs_type, sizeof(f->fs_type), BPF_CORE_READ(sb, s_type, name));
	f->inode = BPF_CORE_READ(inode, i_ino);
	f->device = BPF_CORE_READ(sb, s_dev);
	f->mode = BPF_CORE_READ(inode, i_mode);
	f->uid = BPF_CORE_READ(inode, i_uid.val);
	f->gid = BPF_CORE_READ(inode, i_gid.val);
	f->rdev = BPF_CORE_READ(inode, i_rdev);
	f->f_flags = 0;
	struct mount *mnt = (void *)vfsmnt - bpf_core_field_offset(struct mount, mnt);
	struct mnt_namespace *ns = (void *)namespace_of((u64)BPF_CORE_READ(mnt, mnt_ns));
	f->mnt_ns = ns ? BPF_CORE_READ(ns, ns.inum) : 0;
	f->flags = overlay_flags(inode, f->fs_type) | (is_own(inode, sb) ? FILE_OWN : 0) |
		   plain_flags(BPF_CORE_READ(inode, i_nlink), 0, f->mnt_ns, own_mnt_ns);
	return 0;
}

/* Appends an open file: what it is, and where it lies. */
__noinline int put_file(struct scratch *s, u32 owner, u16 arg, u64 address, u32 own_mnt_ns)
{
	if (!s)
		return 0;
	struct file *file = (void *)address;
	u32 at = s->length;
	if (at > RECORD_FULL || !file) {
		cut(s);
		return 0;
	}
	struct section *section = section_at(s, at, TAG_FILE, arg);
	struct file_section *f = (void *)&s->bytes[at + 8];
	if (s->seen_file == address) {
		*f = s->seen;
	} else {
		describe(f, (u64)BPF_CORE_READ(file, f_inode), (u64)BPF_CORE_READ(file, f_path.mnt), own_mnt_ns);
		f->f_flags = BPF_CORE_READ(file, f_flags);
		if (BPF_CORE_READ(file, f_mode) & FMODE_CREATED)
			f->flags |= FILE_CREATED;
	}
	struct walk w = {.purpose = WALK_TEXT, .owner = owner};
	walk_path(&w, (u64)BPF_CORE_READ(file, f_path.mnt), (u64)BPF_CORE_READ(file, f_path.dentry));
	u32 length = put_walked(s, &w, at + 8 + sizeof(*f));
	if (w.cut)
		f->flags |= FILE_CUT;
	section->length = sizeof(*f) + length;
	s->length = at + 8 + sizeof(*f) + ((length + 7) & ~7);
	return 0;
}
