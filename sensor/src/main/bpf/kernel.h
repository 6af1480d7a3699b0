/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's structures, as far as they are read here. libbpf moves each access to where the running kernel has the field
 * (CO-RE), so only names and types matter, not the order. A suffix after three underscores is ignored by libbpf: it tells
 * apart what is called differently from one kernel to the next.
 */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef _Bool bool;
#define true 1
#define false 0
typedef signed long long s64;
/* What bpf_helper_defs.h asks for. */
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_F_NO_PREALLOC = 1,
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1,
	BPF_RB_NO_WAKEUP = 1,
	BPF_RB_AVAIL_DATA = 0,
	BPF_RB_RING_SIZE = 1,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	u32 val;
} kuid_t;
typedef struct {
	u32 val;
} kgid_t;
typedef struct {
	u64 val;
} kernel_cap_t;
typedef struct {
	int counter;
} atomic_t;

struct dentry;
struct mount;
struct task_struct;
struct bpf_local_storage;

struct qstr {
	u32 len;
	const u8 *name;
};
union shortname_store {
	u8 string[40];
	unsigned long words[5];
};
struct list_head {
	struct list_head *next, *prev;
};
struct hlist_node {
	struct hlist_node *next;
};
struct hlist_head {
	struct hlist_node *first;
};
struct hlist_bl_node {
	struct hlist_bl_node *next, **pprev;
};
struct inode;
struct dentry {
	u32 d_flags;
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	union shortname_store d_shortname;
	struct list_head d_child, d_subdirs;
};
struct dentry___6_8 {
	struct hlist_node d_sib;
	struct hlist_head d_children;
};
enum dentry_flags {
	DCACHE_MOUNTED = 0x8000,
};
struct super_block;
struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};
struct ns_common {
	u32 inum;
	const struct proc_ns_operations *ops;
};
struct proc_ns_operations {
	int type;
};
struct ns_common___6_18 {
	u32 ns_type;
};
struct mnt_namespace {
	struct ns_common ns;
};
struct pid_namespace {
	struct ns_common ns;
	u32 level;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct list_head mnt_mounts, mnt_child;
	struct mnt_namespace *mnt_ns;
	const char *mnt_devname;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct file_system_type {
	const char *name;
};
struct fs_context {
	struct file_system_type *fs_type;
	const char *source;
};
struct super_block {
	u32 s_dev;
	unsigned long s_magic;
	struct dentry *s_root;
	struct file_system_type *s_type;
	void *s_fs_info;
};
struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	struct super_block *i_sb;
	unsigned long i_ino;
	u32 i_nlink;
	u32 i_rdev;
	void *i_private;
	char *i_link;
};
struct upid {
	int nr;
};
struct pid {
	u32 level;
	struct hlist_head tasks[4];
	struct upid numbers[1];
};
struct proc_fs_info {
	struct pid_namespace *pid_ns;
};
struct proc_inode {
	struct pid *pid;
	u32 fd;
	struct inode vfs_inode;
};
struct ovl_inode {
	struct inode vfs_inode;
	struct dentry *__upperdentry;
	struct ovl_entry *oe;
};
struct ovl_path {
	struct dentry *dentry;
};
struct ovl_entry {
	struct ovl_path __lowerstack[1];
};
struct file {
	u32 f_mode;
	u32 f_flags;
	struct inode *f_inode;
	struct path f_path;
	void *private_data;
};
struct fdtable {
	u32 max_fds;
	struct file **fd;
};
struct files_struct {
	struct fdtable *fdt;
};
struct fs_struct {
	struct path root;
	struct path pwd;
};
struct nsproxy {
	struct mnt_namespace *mnt_ns;
	struct pid_namespace *pid_ns_for_children;
};
struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	kernel_cap_t cap_inheritable;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
};
struct kernfs_node {
	u64 id;
	const char *name;
	struct kernfs_node *parent;
};
struct kernfs_node___6_15 {
	struct kernfs_node *__parent;
};
struct cgroup {
	struct kernfs_node *kn;
};
struct cgroup_subsys_state {
	struct cgroup *cgroup;
};
enum cgroup_subsys_id {
	memory_cgrp_id,
	pids_cgrp_id,
};
struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};
struct tty_struct {
	char name[64];
};
struct signal_struct {
	atomic_t live;
	struct pid *pids[4];
	struct tty_struct *tty;
	u32 flags;
	int group_exit_code;
};
struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	unsigned long env_start;
	unsigned long env_end;
};
struct thread_info {
	u32 status;
};
struct task_struct {
	struct thread_info thread_info;
	struct mm_struct *mm;
	int exit_code;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct list_head ptraced;
	struct list_head ptrace_entry;
	struct pid *thread_pid;
	struct hlist_node pid_links[4];
	u64 start_boottime;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct css_set *cgroups;
	kuid_t loginuid;
	u32 sessionid;
	struct bpf_local_storage *bpf_storage;
};
struct linux_binprm {
	struct file *file;
	int argc;
	const char *filename;
	const char *interp;
};

/* x86; the names are those of the kernel's own structure. */
struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
};
/* arm64 */
struct pt_regs___arm64 {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
};

struct in6_addr {
	u8 bytes[16];
};
struct sock_common {
	u32 skc_daddr;
	u32 skc_rcv_saddr;
	u16 skc_dport;
	u16 skc_num;
	u16 skc_family;
	u8 skc_state;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};
struct sock {
	struct sock_common __sk_common;
};
struct socket {
	short type;
	struct sock *sk;
};
struct unix_address {
	int len; /* the name follows */
};
struct unix_sock {
	struct sock sk;
	struct unix_address *addr;
	struct sock *peer;
};

struct filename {
	const char *name;
};
struct io_cmd_data {
	struct file *file;
};
struct io_kiocb {
	struct io_cmd_data cmd;
	u8 opcode;
};
struct open_how {
	u64 flags;
	u64 mode;
};
struct io_open {
	int dfd;
	struct filename *filename;
	struct open_how how;
};
struct io_rename {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
	int flags;
};
struct io_link {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
	int flags;
};
struct io_unlink {
	int dfd;
	int flags;
	struct filename *filename;
};
struct io_mkdir {
	int dfd;
	u16 mode;
	struct filename *filename;
};
struct io_connect {
	void *addr;
	int addr_len;
};
struct io_socket {
	int domain;
	int type;
	int protocol;
};
struct kernel_siginfo {
	int si_signo;
	int si_errno;
	int si_code;
};
struct user_namespace {
	int level;
	struct ns_common ns;
};
/* Since Linux 6.16; before, the tracepoint shared a structure with others, and had the task only. */
struct trace_event_raw_sched_process_exit {
	bool group_dead;
};

#pragma clang attribute pop

/* Of struct dentry from d_parent on: these lie side by side in every kernel since 2.6.38, so that one read takes them. */
struct dentry_head {
	u64 d_parent;
	u32 d_hash;
	u32 d_len;
	u64 d_name;
	u64 d_inode;
	u64 d_iname[5];
};
