/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk of an opened file's path for those who only ask whether it has a component that a rule names: most opens of a
 * node, and none of their answers is yes. With bpf_rdonly_cast (Linux 6.2) the kernel's memory is read by plain loads, a
 * tenth of the price of a helper call. What it cannot tell it leaves to look() in syscall.h.
 */
#pragma once

extern void *bpf_rdonly_cast(const void *address, u32 type) __ksym __weak;

#define CAST(type, address) ((type *)bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)))
#define FAST_STEPS 24
#define INLINE_NAME 40

/* Whether a component of this length and first letter is worth a look. */
static __always_inline bool is_candidate(u32 length, u8 first)
{
	u32 bit = (length & 63) << 8 | first;
	return control.candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

/*
 * The bits of the components in the path of a file that the task opened. All of them where the reader may name it otherwise
 * (RecordFiles.java), and when the path is too deep or has a name that cannot be read this way.
 */
static __always_inline u64 fast_components(struct task_struct *task, struct file *file, u64 required)
{
	struct dentry *dentry = file->f_path.dentry;
	struct vfsmount *mnt = file->f_path.mnt;
	struct dentry *root = mnt->mnt_root;
	struct mount *mount = CAST(struct mount, (u64)mnt - bpf_core_field_offset(struct mount, mnt));
	u64 ns = namespace_of((u64)mount->mnt_ns);
	if (ns && ns != (u64)task->nsproxy->mnt_ns)
		return ~0ULL;
	if ((required & control.self_bits) && file->f_inode->i_sb->s_magic == PROC_SUPER_MAGIC)
		return ~0ULL;
	u64 found = 0;
	for (int i = 0; i < FAST_STEPS; i++) {
		if (dentry == root) {
			struct mount *parent = mount->mnt_parent;
			if (parent == mount)
				return found;
			dentry = mount->mnt_mountpoint;
			mount = parent;
			root = parent->mnt.mnt_root;
			continue;
		}
		u32 length = dentry->d_name.len;
		u64 first = dentry->d_shortname.words[0];
		if (length >= INLINE_NAME)
			return ~0ULL;
		if (is_candidate(length, first)) {
			struct component name = {
				.words = {first, dentry->d_shortname.words[1], dentry->d_shortname.words[2],
					  dentry->d_shortname.words[3], dentry->d_shortname.words[4]},
			};
			found |= component_bits(&name, length);
		}
		struct dentry *parent = dentry->d_parent;
		if (parent == dentry)
			return found;
		dentry = parent;
	}
	return ~0ULL;
}
