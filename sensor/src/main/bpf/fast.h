/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A first look at the file that a call opened, and the end of most opens: they lie where no rule looks. With bpf_rdonly_cast
 * (Linux 6.2) the kernel's memory is read by plain loads, a tenth of the price of a helper call. Without it look() in
 * syscall.h does the same.
 */
#pragma once

extern void *bpf_rdonly_cast(const void *address, u32 type) __ksym __weak;

#define CAST(type, address) ((type *)bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)))
#define FAST_STEPS 24
#define INLINE_NAME 40

/*
 * The bits of the components in the path of a file that the task opened. All of them where the reader may name it otherwise
 * (RecordFiles.java), and when the path is too deep or has a name that cannot be read this way.
 */
static __always_inline u64 fast_components(struct task_struct *task, struct file *file, struct super_block *sb,
					   u32 generation)
{
	struct dentry *dentry = file->f_path.dentry;
	struct vfsmount *mnt = file->f_path.mnt;
	struct dentry *root = mnt->mnt_root;
	struct mount *mount = CAST(struct mount, (u64)mnt - bpf_core_field_offset(struct mount, mnt));
	u64 ns = namespace_of((u64)mount->mnt_ns);
	if (ns && ns != (u64)task->nsproxy->mnt_ns)
		return ~0ULL;
	/* As walk_path(). */
	u64 magic = sb->s_magic;
	struct vfsmount *root_mnt = task->fs->root.mnt;
	bool by_root = false;
	u64 found = 0;
	bool pseudo = magic == PROC_SUPER_MAGIC || magic == SYSFS_MAGIC;
	if (pseudo) {
		struct component name = {.words = {magic == SYSFS_MAGIC ? SYS_NAME : PROC_NAME}};
		found = component_bits(&name, magic == SYSFS_MAGIC ? 3 : 4, generation) |
			(magic == SYSFS_MAGIC ? 0 : tables_of(generation)->self_bits);
		root = sb->s_root;
	} else if (root_mnt != mnt && root_mnt->mnt_sb == mnt->mnt_sb) {
		by_root = true;
		mount = CAST(struct mount, (u64)root_mnt - bpf_core_field_offset(struct mount, mnt));
		root = root_mnt->mnt_root;
	}
	for (int i = 0; i < FAST_STEPS; i++) {
		if (dentry == root) {
			struct mount *parent = mount->mnt_parent;
			if (pseudo || parent == mount)
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
		if (is_candidate(length, first, generation)) {
			struct component name = {
				.words = {first, dentry->d_shortname.words[1], dentry->d_shortname.words[2],
					  dentry->d_shortname.words[3], dentry->d_shortname.words[4]},
			};
			found |= component_bits(&name, length, generation);
		}
		struct dentry *parent = dentry->d_parent;
		if (parent == dentry)
			return by_root ? ~0ULL : found;
		dentry = parent;
	}
	return ~0ULL;
}

/* Looks at the file that was opened; the alternatives that it leaves. */
static __always_inline u32 left_by_file(struct task_struct *task, struct call *c, u32 left)
{
	volatile struct plan *plan = plan_of(c);
	s64 ret = c->ret;
	if (ret < 0 || plan->fetch[plan->path & (FETCHES - 1)].op != FETCH_NEW_FILE)
		return left;
	struct fdtable *fdt = task->files->fdt;
	if ((u64)ret >= fdt->max_fds)
		return left;
	u64 address = 0;
	bpf_probe_read_kernel(&address, sizeof(address), fdt->fd + ret);
	if (!address)
		return left;
	struct file *file = CAST(struct file, address);
	struct inode *inode = file->f_inode;
	struct super_block *sb = inode->i_sb;
	volatile struct demands *demands = demands_of(c);
	c->file = address;
	c->fs_name = (u64)sb->s_type->name;
	c->components = ~0ULL;
	left &= demands->types[inode->i_mode >> 12 & 15];
	if (!(left & (demands->asks[OF_PATH] | demands->asks[OF_SPELLED])))
		return left;
	c->components = fast_components(task, file, sb, c->generation);
	return narrowed(c, left, OF_PATH, c->components);
}

/* As describe() of path.h, of the file that was looked at. */
static __always_inline void describe_seen(struct scratch *s, struct call *c, u32 own_mnt_ns)
{
	struct file *file = CAST(struct file, c->file);
	struct inode *inode = file->f_inode;
	struct super_block *sb = inode->i_sb;
	struct vfsmount *vfsmnt = file->f_path.mnt;
	struct mount *mnt = CAST(struct mount, (u64)vfsmnt - bpf_core_field_offset(struct mount, mnt));
	struct file_section *f = &s->seen;
	__builtin_memset(f->fs_type, 0, sizeof(f->fs_type));
	bpf_probe_read_kernel_str(f->fs_type, sizeof(f->fs_type), (void *)c->fs_name);
	f->inode = inode->i_ino;
	f->device = sb->s_dev;
	f->mode = inode->i_mode;
	f->uid = inode->i_uid.val;
	f->gid = inode->i_gid.val;
	f->rdev = inode->i_rdev;
	f->f_flags = file->f_flags;
	u64 ns = namespace_of((u64)mnt->mnt_ns);
	f->mnt_ns = ns ? CAST(struct mnt_namespace, ns)->ns.inum : 0;
	u32 flags = plain_flags(inode->i_nlink, file->f_mode, f->mnt_ns, own_mnt_ns);
	if (sb->s_magic == PROC_SUPER_MAGIC && is_own((void *)inode, (void *)sb))
		flags |= FILE_OWN;
	f->flags = flags | overlay_flags((void *)inode, f->fs_type);
	s->seen_file = c->file;
}
