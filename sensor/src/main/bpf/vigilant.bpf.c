/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Vigilant's sensor in the kernel.
 *
 *   hook -> is it wanted (filter.h) -> what is taken along (capture.h, path.h) -> ring buffer (record.h) -> RingReader.java
 *
 * Each program stands alone: what a kernel lacks is left out by the loader. Rebuilt by `sensor/src/main/bpf/build`.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "load.h"
#include "control.h"
#include "record.h"
#include "path.h"
#include "lookup.h"
#include "filter.h"
#include "syscall.h"
#include "capture.h"
#include "process.h"
#include "other.h"

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/sys_exit")
int BPF_PROG(syscall_exit, struct pt_regs *regs, long ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct call c;
	if (!identify_call(&c, regs, task) || (u32)task->tgid == control.own_tgid)
		return 0;
	c.scope = scope_of(task);
	if (!(tables_of(c.generation)->wanted[c.index & (PLANS - 1)] & c.scope))
		return 0;
	c.ret = ret;
	c.task = (u64)task;
	c.file = c.components = 0;
	c.looked_up = 0;
	u32 left = left_by_opened(&c, task, left_by_outcome(&c));
	if (!left)
		return 0;
	read_call(&c, regs);
	left = left_by_arguments(&c, left_by_beginning(&c, left));
	return left ? capture(task, &c, left) : 0;
}
