/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls, at their end: what the kernel did is known then, and no other thread can change it any more. Strings of the
 * program are read once more from its memory and may have been changed meanwhile; files come from the kernel (put_file).
 */
#pragma once

#define TS_COMPAT 2
#define X32_BIT 0x40000000u
#define AT_FDCWD -100
#define NO_PLAN (PLANS - 1) /* the last entry is never used */

/*
 * What x32 numbers apart, from 512 on, by the 64-bit number of the same call: arch/x86/entry/syscalls/syscall_64.tbl. Structures
 * behind their arguments have 32-bit pointers, which is why they have numbers of their own; the arguments are the same.
 */
#define X32_FIRST 512
#define X32_COUNT 36
static const u16 x32_calls[X32_COUNT] = {
	13, 15, 16, 19, 20, 45, 46, 47, 59, 101, 127, 128,
	129, 131, 222, 244, 246, 247, 273, 274, 278, 279, 295, 296,
	297, 299, 307, 310, 311, 54, 55, 206, 209, 322, 327, 328,
};

/* Which call it is, and whether anyone may want it. */
static __always_inline bool identify_call(struct call *c, struct pt_regs *regs, struct task_struct *task)
{
	c->flags = 0;
	c->generation = control.generation;
	if (bpf_core_field_exists(struct pt_regs___arm64, syscallno)) {
		struct pt_regs___arm64 *arm = (void *)regs;
		c->nr = BPF_CORE_READ(arm, syscallno);
		c->index = c->nr;
	} else {
		c->nr = regs->orig_ax;
		c->index = c->nr;
		if (task->thread_info.status & TS_COMPAT) {
			c->flags = FLAG_COMPAT;
			c->index = c->nr < COMPAT_PLANS - 1 ? COMPAT_PLANS + c->nr : NO_PLAN;
		} else if (c->nr & X32_BIT) {
			c->flags = FLAG_X32;
			u32 nr = c->nr & ~X32_BIT;
			u32 apart = nr - X32_FIRST;
			c->nr = apart < X32_COUNT ? x32_calls[apart] : nr;
			c->index = c->nr;
		}
	}
	if (c->flags != FLAG_COMPAT && c->index >= COMPAT_PLANS)
		c->index = NO_PLAN;
	return tables_of(c->generation)->wanted[c->index & (PLANS - 1)];
}

static __always_inline void read_call(struct call *c, struct pt_regs *regs)
{
	c->args[6] = c->args[7] = 0;
	c->mnt_ns = 0;
	if (bpf_core_field_exists(struct pt_regs___arm64, syscallno)) {
		struct pt_regs___arm64 *arm = (void *)regs;
		c->args[0] = BPF_CORE_READ(arm, orig_x0);
		bpf_probe_read_kernel(&c->args[1], 40,
				      (void *)arm + bpf_core_field_offset(struct pt_regs___arm64, regs) + 8);
	} else if (c->flags == FLAG_COMPAT) {
		c->args[0] = (u32)regs->bx;
		c->args[1] = (u32)regs->cx;
		c->args[2] = (u32)regs->dx;
		c->args[3] = (u32)regs->si;
		c->args[4] = (u32)regs->di;
		c->args[5] = (u32)regs->bp;
	} else {
		c->args[0] = regs->di;
		c->args[1] = regs->si;
		c->args[2] = regs->dx;
		c->args[3] = regs->r10;
		c->args[4] = regs->r8;
		c->args[5] = regs->r9;
	}
}

/* Where a path that begins with this character does: in the directory of the descriptor, in the working one, or in the root. */
__noinline int base_of(struct base *base, u64 task, u8 first, s32 fd)
{
	if (!base)
		return 0;
	bool cast = has_cast;
	u64 fs = LINK(cast, struct task_struct, task, fs);
	base->mnt = base->dentry = 0;
	if (first == '/') {
		base->mnt = LINK(cast, struct fs_struct, fs, root.mnt);
		base->dentry = LINK(cast, struct fs_struct, fs, root.dentry);
	} else if (fd == AT_FDCWD) {
		base->mnt = LINK(cast, struct fs_struct, fs, pwd.mnt);
		base->dentry = LINK(cast, struct fs_struct, fs, pwd.dentry);
	} else {
		u64 file = file_of(task, fd);
		if (file) {
			base->mnt = LINK(cast, struct file, file, f_path.mnt);
			base->dentry = LINK(cast, struct file, file, f_path.dentry);
		}
	}
	return 0;
}

/* The same, of a path in the program's memory. */
static __always_inline void base_of_argument(struct base *base, u64 task, u64 path, s32 fd)
{
	u8 first = 0;
	bpf_probe_read_user(&first, 1, (void *)path);
	base_of(base, task, first, fd);
}

#define SPELLED_MAX 256

/* Eight characters of a path as it was asked for. State lies in the map: on the stack the verifier would follow each value. */
static __always_inline long spell_word(struct scratch *s, u32 at)
{
	u64 word = *(u64 *)&s->walk[at];
	u64 zeros = zero_bytes(word);
	u64 ends = zeros | zero_bytes(word ^ LOW_BITS * '/');
	for (u32 n = 0; n < 8 && ends; n++) {
		u64 end = ends & -ends;
		ends ^= end;
		u32 i = (((end >> 7) - 1) & LOW_BITS) * LOW_BITS >> 56; /* of how many bytes it stands behind */
		u32 begin = s->begin & (SPELLED_MAX - 1);
		u32 length = at + i - begin;
		u64 first = *(u64 *)&s->walk[begin];
		if (s->only_spelled ? is_spelled_candidate(first, length, s->generation)
				    : is_candidate(first, length, s->generation)) {
			bpf_probe_read_kernel(&s->component, sizeof(s->component), &s->walk[begin]);
			s->found |= component_bits(&s->component, length, s->generation);
		}
		if (zeros & end)
			return 1;
		s->begin = at + i + 1;
	}
	return 0;
}

static long spell_step(u64 index, u32 *owner)
{
	struct scratch *s = scratch_of(*owner);
	return s ? spell_word(s, index * 8 & (SPELLED_MAX - 1)) : 1;
}

#define SHORT_WORDS 4 /* most paths end there, and need no call for each word */

static __always_inline u64 components_of_walk(struct scratch *s, u32 owner, long n, u32 generation, u32 only_spelled)
{
	if (n <= 0 || n >= SPELLED_MAX)
		return ~0ULL;
	s->begin = 0;
	s->generation = generation;
	s->only_spelled = only_spelled;
	s->found = 0;
	if (n > 8 * SHORT_WORDS) {
		bpf_loop(SPELLED_MAX / 8, spell_step, &owner, 0);
		return s->found;
	}
	for (u32 i = 0; i < SHORT_WORDS; i++)
		if (spell_word(s, 8 * i))
			break;
	return s->found;
}

/* The rules' components in a path as it was asked for; all of them when it is long or cannot be read. */
__noinline u64 components_of_text(u32 owner, u64 address, u32 generation, u32 only_spelled)
{
	struct scratch *s = scratch_of(owner);
	if (!s)
		return ~0ULL;
	return components_of_walk(s, owner, bpf_probe_read_user_str(s->walk, SPELLED_MAX, (void *)address), generation,
				  only_spelled);
}

/* Nothing is at the end of the path, so that there is no truth about it. */
static __always_inline bool leads_nowhere(s64 ret)
{
	return ret == -2 || ret == -14 || ret == -20 || ret == -36 || ret == -40; /* ENOENT EFAULT ENOTDIR ENAMETOOLONG ELOOP */
}

#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_SYMLINK_FOLLOW 0x400

/* Follows the path of a fetch; false when that leads nowhere or cannot be told. */
__noinline int find_path(struct call *c, u32 number)
{
	if (!c)
		return 0;
	struct scratch *s = scratch_of(SCRATCH_TASK);
	volatile struct fetch *fetch = &plan_of(c)->fetch[number & (FETCHES - 1)];
	u8 op = fetch->op;
	u8 more = fetch->more;
	u8 flags = fetch->flags;
	u64 address = c->args[fetch->argument & 7];
	if (!s || leads_nowhere(c->ret))
		return 0;
	if (c->looked_up == number + 1)
		return s->lookup.result != LOOKUP_LOST;
	c->looked_up = number + 1;
	s->lookup.result = LOOKUP_LOST;
	if (bpf_probe_read_user_str(&s->lookup.text[LOOKUP_TEXT], LOOKUP_TEXT, (void *)address) <= 0)
		return 0;
	u64 links = flags == NO_ARGUMENT ? 0 : c->args[flags & 7];
	bool follow = op == FETCH_NAME ? (links & AT_SYMLINK_FOLLOW) != 0 : !(links & AT_SYMLINK_NOFOLLOW);
	bool worked = c->ret >= 0 || c->ret < -4095;
	struct base base = {};
	base_of(&base, c->task, s->lookup.text[LOOKUP_TEXT],
		more == NO_ARGUMENT ? AT_FDCWD : (s32)c->args[more & 7]);
	look_up(SCRATCH_TASK, &base, (follow ? LOOKUP_FOLLOW : 0) | (worked ? LOOKUP_WORKED : 0) |
		(op == FETCH_PLACE ? LOOKUP_PLACE : 0));
	return s->lookup.result != LOOKUP_LOST;
}

/* Which types of file systems that rules ask for the name is, as bits. */
__noinline u64 file_system_bits(u64 address, u32 generation)
{
	struct component name = {};
	long n = bpf_probe_read_kernel_str(name.words, sizeof(name), (void *)address);
	return n <= 0 ? ~0ULL : component_bits(&name, FILE_SYSTEM_LENGTH + n - 1, generation);
}

/* By the file system that an inode lies on, when an alternative asks. */
static __always_inline u32 left_by_file_system(struct call *c, u32 left, u64 sb)
{
	if (!(left & demands_of(c)->asks[OF_FILE_SYSTEM]))
		return left;
	bool cast = has_cast;
	u64 name = LINK(cast, struct file_system_type, LINK(cast, struct super_block, sb, s_type), name);
	u64 first = word_at(cast, name);
	first = before(first, zero_bytes(first));
	return narrowed(c, left, OF_FILE_SYSTEM,
			is_name_candidate(first, c->generation) ? file_system_bits(name, c->generation) : 0);
}

/*
 * The bits of the components in the path of a file. All of them where the reader names it otherwise: what it puts before a
 * path, or changes in it, is not in the kernel's tree (RecordFiles.java).
 */
static __always_inline u64 components_of_file(bool cast, struct task_struct *task, u64 vfsmnt, u64 dentry, u64 inode,
					      u32 generation)
{
	u64 ns = mount_ns_of(cast, vfsmnt);
	if (inode && ns && ns != (u64)task->nsproxy->mnt_ns)
		return ~0ULL;
	struct walk w = {.purpose = WALK_COMPONENTS, .owner = SCRATCH_TASK, .generation = generation};
	w = walk_path(w, task, vfsmnt, dentry);
	u64 self = inode ? tables_of(generation)->self_bits : 0;
	return w.components | (self && is_own(cast, task, inode, LINK(cast, struct inode, inode, i_sb)) ? self : 0);
}

/* The same, of a path without an open file; inode is 0 for a directory that a path begins in. */
__noinline u64 components_of_path(u64 vfsmnt, u64 dentry, u64 inode, u32 generation)
{
	return components_of_file(has_cast, bpf_get_current_task_btf(), vfsmnt, dentry, inode, generation);
}

/* Of the path that was found, and of how it was asked for. */
static __always_inline u32 left_by_found(struct call *c, u32 left, u64 spelled)
{
	struct scratch *s = scratch_of(SCRATCH_TASK);
	if (!s)
		return left;
	bool cast = has_cast;
	struct lookup *l = &s->lookup;
	u64 inode = LINK(cast, struct dentry, l->dentry, d_inode);
	if (l->result == LOOKUP_OBJECT)
		left &= demands_of(c)->types[GET(cast, struct inode, inode, i_mode) >> 12 & 15];
	left = left_by_file_system(c, left, LINK(cast, struct inode, inode, i_sb));
	if (!left)
		return 0;
	u64 found = spelled;
	if (l->result != LOOKUP_OBJECT)
		found |= components_of_walk(
			s, SCRATCH_TASK, bpf_probe_read_kernel_str(s->walk, SPELLED_MAX, &l->text[l->at & 8191]), c->generation,
			0);
	found |= components_of_path(l->mnt + bpf_core_field_offset(struct mount, mnt), l->dentry, inode, c->generation);
	return narrowed(c, narrowed(c, left, OF_PATH, found), OF_SPELLED, found);
}

/* Of a path, as far as the alternatives that are left ask. */
static __always_inline u32 left_by_path(struct call *c, u32 number, u32 left)
{
	volatile struct fetch *fetch = &plan_of(c)->fetch[number & (FETCHES - 1)];
	u64 address = c->args[fetch->argument & 7];
	u8 more = fetch->more;
	u64 found = components_of_text(SCRATCH_TASK, address, c->generation, 0);
	if (find_path(c, number))
		return left_by_found(c, left, found);
	if (!leads_nowhere(c->ret))
		return left;
	struct base base = {};
	base_of_argument(&base, c->task, address, more == NO_ARGUMENT ? AT_FDCWD : (s32)c->args[more & 7]);
	if (base.dentry)
		found |= components_of_path(base.mnt, base.dentry, 0, c->generation);
	return narrowed(c, narrowed(c, left, OF_PATH, found), OF_SPELLED, found);
}

/*
 * Of an open file, as far as the alternatives that are left ask, but for how its path was asked for. Opens alone, which bring
 * the task, have a walk of their own: it saves them a call, and each costs the verifier a fifth of its work.
 */
static __always_inline u32 left_by_file(struct call *c, struct task_struct *task, u64 file, u32 left)
{
	bool cast = has_cast;
	volatile struct demands *demands = demands_of(c);
	u64 inode = LINK(cast, struct file, file, f_inode);
	left &= demands->types[GET(cast, struct inode, inode, i_mode) >> 12 & 15];
	if (left & (demands->asks[OF_PATH] | demands->asks[OF_SPELLED])) {
		u64 mnt = LINK(cast, struct file, file, f_path.mnt);
		u64 dentry = LINK(cast, struct file, file, f_path.dentry);
		c->components = task ? components_of_file(cast, task, mnt, dentry, inode, c->generation)
				     : components_of_path(mnt, dentry, inode, c->generation);
		left = narrowed(c, left, OF_PATH, c->components);
	}
	return left_by_file_system(c, left, LINK(cast, struct inode, inode, i_sb));
}

/* A first look, before anything else of the call is read: the end of most opens, which lie where no rule looks. */
static __always_inline u32 left_by_opened(struct call *c, struct task_struct *task, u32 left)
{
	volatile struct plan *plan = plan_of(c);
	if (c->ret < 0 || plan->fetch[plan->path & (FETCHES - 1)].op != FETCH_NEW_FILE)
		return left;
	c->file = file_of(c->task, c->ret);
	return c->file ? left_by_file(c, task, c->file, left) : left;
}

/* How the path was asked for, by its first two characters alone: they tell most from what rules ask of such paths. */
static __always_inline u32 left_by_beginning(struct call *c, u32 left)
{
	if (!c->file || !(left & demands_of(c)->asks[OF_SPELLED]))
		return left;
	volatile struct plan *plan = plan_of(c);
	u64 address = c->args[plan->fetch[plan->path & (FETCHES - 1)].argument & 7];
	u16 two = 0;
	if (bpf_probe_read_user(&two, sizeof(two), (void *)address) ||
	    (tables_of(c->generation)->spelled_beginnings[two >> 3] >> (two & 7) & 1))
		return left;
	return narrowed(c, left, OF_SPELLED, c->components);
}

/* Looks at the file of the plan; the alternatives that it leaves. What cannot be told may hold. */
__noinline u32 look(struct call *c, u32 left)
{
	if (!c)
		return 0;
	u32 number = plan_of(c)->path;
	volatile struct fetch *fetch = &plan_of(c)->fetch[number & (FETCHES - 1)];
	u8 op = fetch->op;
	u64 argument = c->args[fetch->argument & 7];
	if (op == FETCH_PATH || op == FETCH_NAME || op == FETCH_PLACE || (op == FETCH_NEW_FILE && c->ret < 0))
		return left_by_path(c, number, left);
	if (op == FETCH_FILE) {
		u64 file = file_of(c->task, argument);
		return file ? left_by_file(c, 0, file, left) : left;
	}
	if (c->file && (left & demands_of(c)->asks[OF_SPELLED]))
		return narrowed(c, left, OF_SPELLED,
				c->components | components_of_text(SCRATCH_TASK, argument, c->generation, 1));
	return left;
}
