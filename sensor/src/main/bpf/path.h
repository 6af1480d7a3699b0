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
#define WALK_INLINE 16 /* most paths end there: a call a name costs more than the look at it */
#define WALK_STEPS 2200
/* A longer path loses its beginning, whole names of it: rules ask of ends, and a name that leads nowhere would hide the file. */
#define WALK_BEGIN (WALK_END - (TEXT_MAX - 128) + 256)

enum walk_purpose { WALK_TEXT = 1, WALK_COMPONENTS = 2 };

struct walk {
	u64 dentry;
	u64 mnt;      /* struct mount; 0 to end at the first root */
	u64 mnt_root; /* its root dentry */
	u64 components;
	u32 pos;
	u32 purpose;
	u32 owner;
	u32 steps;
	u32 cut;
	u32 reached; /* a root of a mount */
	u32 generation;
	u32 named; /* not by where the mount is */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096 * GENERATIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__type(value, u64);
} components SEC(".maps");

#define COMPONENT_FACTOR 0x9E3779B97F4A7C15ULL

/* The bytes of a word that belong to a name of this length, not 0. Without a branch: the verifier would follow each. */
static __always_inline u64 first_bytes(u64 word, u32 length)
{
	s64 beyond = 8 - (s64)length;
	s64 shorter = beyond >> 63;
	barrier_var(shorter);
	u32 bits = 8 * (beyond & ~shorter);
	return word << (bits & 63) >> (bits & 63);
}

/* The same in Components.java: length and first 40 bytes, zero beyond the end. */
static __always_inline u64 component_hash(const u64 *words, u32 length)
{
	u64 h = length;
	for (u32 i = 0; i < 5 && 8 * i < length; i++) {
		h = (h ^ first_bytes(words[i], length - 8 * i)) * COMPONENT_FACTOR;
		h ^= h >> 29;
	}
	return h;
}

/* Which rules' components a name is, as bits. The keys of the map are hashes, each with its generation as lowest bit. */
static __always_inline u64 bits_of_words(const u64 *words, u32 length, u32 generation)
{
	u64 h = (component_hash(words, length) & ~1ULL) | (generation & 1);
	u64 *bits = bpf_map_lookup_elem(&components, &h);
	return bits ? *bits : 0;
}

__noinline u64 component_bits(struct component *component, u32 length, u32 generation)
{
	return component ? bits_of_words(component->words, length, generation) : 0;
}

/* The number of the bit of a component of this length that begins with these bytes, whatever stands behind it. */
static __always_inline u32 candidate(u64 first, u32 length)
{
	return (first_bytes(first, length) ^ length) * COMPONENT_FACTOR >> 50; /* as in Components.java */
}

/* Whether a component is worth a look. */
static __always_inline bool is_candidate(u64 first, u32 length, u32 generation)
{
	u32 bit = candidate(first, length);
	return tables_of(generation)->candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

static __always_inline bool is_spelled_candidate(u64 first, u32 length, u32 generation)
{
	u32 bit = candidate(first, length);
	return tables_of(generation)->spelled_candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

static __always_inline bool entry_at(bool cast, struct dentry_head *d, u64 dentry)
{
	if (!cast)
		return !bpf_probe_read_kernel(d, sizeof(*d), (void *)dentry + bpf_core_field_offset(struct dentry, d_parent));
	d->d_parent = LINK(cast, struct dentry, dentry, d_parent);
	d->d_len = GET(cast, struct dentry, dentry, d_name.len);
	d->d_name = LINK(cast, struct dentry, dentry, d_name.name);
	return true;
}

/* The same of a name in the kernel's memory. */
__noinline u64 bits_of_name(u64 name, u32 length, u32 generation)
{
	bool cast = has_cast;
	u64 words[5] = {};
	for (u32 i = 0; i < 5 && 8 * i < length; i++)
		words[i] = word_at(cast, name + 8 * i);
	return bits_of_words(words, length, generation);
}

static __always_inline u64 bits_of_entry(bool cast, struct dentry_head *d, u32 generation)
{
	u32 length = d->d_len;
	return is_candidate(word_at(cast, d->d_name), length, generation) ? bits_of_name(d->d_name, length, generation) : 0;
}

#define SHORT_NAME 48

/* Copies a name to where the walk has come to, whose beginning is still free. */
static __always_inline void put_name(bool cast, struct scratch *s, u32 pos, u64 name, u32 length)
{
	if (!cast || length > SHORT_NAME) {
		bpf_probe_read_kernel(&s->walk[pos & 8191], length & 255, (void *)name);
		return;
	}
	for (u32 i = 0; i < SHORT_NAME - 8; i += 8)
		if (i + 8 < length)
			*(u64 *)&s->walk[(pos + i) & 8191] = word_at(cast, name + i);
	/* The last eight bytes, of a shorter name all, with what stands before the name in words of its own. */
	u64 last = length < 8 ? word_at(cast, name) << ((64 - 8 * length) & 63) : word_at(cast, name + length - 8);
	*(u64 *)&s->walk[(pos + length - 8) & 8191] = last;
}

/* One name up; not 0 at the end. */
static __always_inline long walk_step(bool cast, struct walk *w)
{
	u64 dentry = w->dentry;
	if (dentry == w->mnt_root) {
		w->reached = 1;
		u64 mnt = w->mnt;
		u64 parent = mnt ? LINK(cast, struct mount, mnt, mnt_parent) : 0;
		if (parent == mnt || !parent)
			return 1;
		w->dentry = LINK(cast, struct mount, mnt, mnt_mountpoint);
		w->mnt = parent;
		w->mnt_root = LINK(cast, struct mount, parent, mnt.mnt_root);
		return 0;
	}
	struct dentry_head d;
	if (!entry_at(cast, &d, dentry))
		return 1;
	if (w->purpose & WALK_COMPONENTS)
		w->components |= bits_of_entry(cast, &d, w->generation);
	if (w->purpose & WALK_TEXT) {
		struct scratch *s = scratch_of(w->owner);
		u32 length = d.d_len;
		u32 pos = w->pos;
		if (!s || length > 255 || pos < WALK_BEGIN || pos > WALK_END) {
			w->cut = 1;
			return 1;
		}
		pos -= length;
		put_name(cast, s, pos, d.d_name, length);
		pos -= 1;
		s->walk[pos & 8191] = '/';
		w->pos = pos;
	}
	w->steps++;
	if (d.d_parent == dentry)
		return 1; /* not below its mount's root: an anonymous file, or unmounted */
	w->dentry = d.d_parent;
	return 0;
}

static long walk_one(u64 index, struct walk *w)
{
	return walk_step(has_cast, w);
}

__noinline int walk_further(struct walk *walk)
{
	if (!walk)
		return 0;
	/* bpf_loop takes what lies on the stack only. */
	struct walk w = *walk;
	bpf_loop(WALK_STEPS, walk_one, &w, 0);
	*walk = w;
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
static __always_inline void walk_pseudo(struct walk *w, u64 name, u32 length)
{
	struct component component = {.words = {name}};
	if (w->purpose & WALK_COMPONENTS)
		w->components |= component_bits(&component, length, w->generation);
	if (!(w->purpose & WALK_TEXT))
		return;
	struct scratch *s = scratch_of(w->owner);
	u32 pos = w->pos - length - 1;
	if (!s || w->cut || pos > WALK_END)
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
static __always_inline u64 root_mount(bool cast, struct task_struct *task, u64 vfsmnt, u64 sb)
{
	u64 root = LINK(cast, struct fs_struct, (u64)task->fs, root.mnt);
	if (!root || root == vfsmnt || LINK(cast, struct vfsmount, root, mnt_sb) != sb)
		return 0;
	u64 offset = bpf_core_field_offset(struct mount, mnt);
	return LINK(cast, struct mount, vfsmnt - offset, mnt_ns) == LINK(cast, struct mount, root - offset, mnt_ns)
		       ? root - offset
		       : 0;
}

/* The beginning says for what, and which tables and scratch. */
static __always_inline struct walk walk_path(struct walk beginning, struct task_struct *task, u64 vfsmnt, u64 dentry)
{
	bool cast = has_cast;
	u64 sb = LINK(cast, struct vfsmount, vfsmnt, mnt_sb);
	u64 magic = GET(cast, struct super_block, sb, s_magic);
	bool pseudo = magic == PROC_SUPER_MAGIC || magic == SYSFS_MAGIC;
	beginning.dentry = dentry;
	beginning.pos = WALK_END;
	beginning.mnt = vfsmnt - bpf_core_field_offset(struct mount, mnt);
	beginning.mnt_root = LINK(cast, struct vfsmount, vfsmnt, mnt_root);
	struct walk w = beginning;
	u64 other = pseudo ? 0 : root_mount(cast, task, vfsmnt, sb);
	if (other)
		w.mnt_root = LINK(cast, struct mount, other, mnt.mnt_root);
	if (pseudo)
		w.mnt_root = LINK(cast, struct super_block, sb, s_root);
	if (pseudo || other)
		w.mnt = other;
	long ended = 0;
	for (u32 i = 0; i < WALK_INLINE && w.purpose == WALK_COMPONENTS && !ended; i++)
		ended = walk_step(cast, &w);
	struct walk rest = w; /* what has its address taken lies in memory */
	if (!ended)
		walk_further(&rest);
	/* The root of /proc and /sys has no name that is not its mount's. */
	if (beginning.purpose == WALK_TEXT)
		rest.named = rest.reached && (other || (pseudo && rest.steps));
	if (rest.reached && pseudo)
		walk_pseudo(&rest, magic == SYSFS_MAGIC ? SYS_NAME : PROC_NAME, magic == SYSFS_MAGIC ? 3 : 4);
	if (!rest.reached && !rest.cut && (pseudo || other)) {
		/* All of it anew: what was gone through is not below the root that was tried. */
		rest = beginning;
		walk_further(&rest);
	}
	return rest;
}

/* Writes the path down in the scratch. */
__noinline int walk_text(struct walk *result, u32 owner, u64 vfsmnt, u64 dentry)
{
	if (!result)
		return 0;
	struct walk w = {.purpose = WALK_TEXT, .owner = owner};
	*result = walk_path(w, bpf_get_current_task_btf(), vfsmnt, dentry);
	return 0;
}

/* Appends what was walked; returns how many bytes. */
static __always_inline u32 put_walked(struct scratch *s, struct walk *w, u64 at)
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
	struct walk w;
	walk_text(&w, owner, vfsmnt, dentry);
	section_at(s, at, tag_and_arg >> 16, tag_and_arg);
	end_section(s, at, put_walked(s, &w, at + 8));
	if (w.cut)
		cut(s);
	return 0;
}

/* Where a path begins. */
struct base {
	u64 mnt, dentry;
};

static __always_inline u64 file_of(u64 task, s32 fd)
{
	bool cast = has_cast;
	u64 files = LINK(cast, struct task_struct, task, files);
	u64 fdt = files ? LINK(cast, struct files_struct, files, fdt) : 0;
	if (fd < 0 || !fdt || (u32)fd >= GET(cast, struct fdtable, fdt, max_fds))
		return 0;
	return word_at(cast, LINK(cast, struct fdtable, fdt, fd) + 8 * (u64)fd);
}

static __always_inline u32 overlay_flags(bool cast, u64 inode, const char *fs_type)
{
	u64 name = *(u64 *)fs_type;
	if (name != 0x0079616c7265766fULL) /* "overlay" */
		return 0;
	if (!bpf_core_field_exists(struct ovl_inode, __upperdentry))
		return FILE_OVERLAY;
	u64 ovl = inode - bpf_core_field_offset(struct ovl_inode, vfs_inode);
	return LINK(cast, struct ovl_inode, ovl, __upperdentry) ? FILE_OVERLAY | FILE_UPPER
											   : FILE_OVERLAY;
}

#define FMODE_CREATED 0x100000

/* Whether a file of /proc is about the process that runs, under whatever number. */
static __always_inline bool is_own(bool cast, struct task_struct *task, u64 inode, u64 sb)
{
	if (GET(cast, struct super_block, sb, s_magic) != PROC_SUPER_MAGIC)
		return false;
	u64 proc = inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	return LINK(cast, struct proc_inode, proc, pid) == (u64)task->group_leader->thread_pid;
}

static __always_inline u64 mount_ns_of(bool cast, u64 vfsmnt)
{
	return namespace_of(LINK(cast, struct mount, vfsmnt - bpf_core_field_offset(struct mount, mnt), mnt_ns));
}

/* FILE_* flags that only ask numbers. */
static __always_inline u32 plain_flags(u32 nlink, u32 mnt_ns, u32 own_mnt_ns)
{
	u32 flags = nlink == 0 ? FILE_DELETED : 0;
	if (mnt_ns == 0)
		flags |= FILE_DETACHED;
	else if (mnt_ns != own_mnt_ns)
		flags |= mnt_ns == control.host_mnt_ns ? FILE_FOREIGN | FILE_HOST : FILE_FOREIGN;
	return flags;
}

/* What a file is, but for its path and how it was opened. */
static __always_inline int describe(struct file_section *f, u64 inode, u64 vfsmnt, u32 own_mnt_ns)
{
	if (!f)
		return 0;
	bool cast = has_cast;
	u64 sb = LINK(cast, struct inode, inode, i_sb);
	u64 type = LINK(cast, struct super_block, sb, s_type);
	u64 name = LINK(cast, struct file_system_type, type, name);
	/* No more than the name: what stands behind it in the kernel's memory is nobody's to tell. */
	u64 first = word_at(cast, name);
	u64 second = zero_bytes(first) ? 0 : word_at(cast, name + 8);
	((u64 *)f->fs_type)[0] = before(first, zero_bytes(first));
	((u64 *)f->fs_type)[1] = before(second, zero_bytes(second));
	f->inode = GET(cast, struct inode, inode, i_ino);
	f->device = GET(cast, struct super_block, sb, s_dev);
	f->mode = GET(cast, struct inode, inode, i_mode);
	f->uid = GET(cast, struct inode, inode, i_uid.val);
	f->gid = GET(cast, struct inode, inode, i_gid.val);
	f->rdev = GET(cast, struct inode, inode, i_rdev);
	f->f_flags = 0;
	u64 ns = mount_ns_of(cast, vfsmnt);
	f->mnt_ns = ns ? GET(cast, struct mnt_namespace, ns, ns.inum) : 0;
	f->flags = overlay_flags(cast, inode, f->fs_type) | (is_own(cast, bpf_get_current_task_btf(), inode, sb) ? FILE_OWN : 0) |
		   plain_flags(GET(cast, struct inode, inode, i_nlink), f->mnt_ns, own_mnt_ns);
	return 0;
}

/* Appends an open file: what it is, and where it lies. */
__noinline int put_file(struct scratch *s, u32 owner, u16 arg, u64 file, u32 own_mnt_ns)
{
	if (!s)
		return 0;
	bool cast = has_cast;
	u32 at = s->length;
	if (at > RECORD_FULL || !file) {
		cut(s);
		return 0;
	}
	u64 vfsmnt = LINK(cast, struct file, file, f_path.mnt);
	section_at(s, at, TAG_FILE, arg);
	struct file_section *f = (void *)&s->bytes[at + 8];
	describe(f, LINK(cast, struct file, file, f_inode), vfsmnt, own_mnt_ns);
	f->f_flags = GET(cast, struct file, file, f_flags);
	if (GET(cast, struct file, file, f_mode) & FMODE_CREATED)
		f->flags |= FILE_CREATED;
	struct walk w;
	walk_text(&w, owner, vfsmnt, LINK(cast, struct file, file, f_path.dentry));
	u32 length = put_walked(s, &w, at + 8 + sizeof(*f));
	if (w.cut)
		f->flags |= FILE_CUT;
	if (w.named)
		f->flags |= FILE_NAMED;
	end_section(s, at, sizeof(*f) + length);
	return 0;
}
