/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Vigilant's sensor in the kernel.
 *
 *   hook -> is it wanted (filter.h) -> what is taken along (capture.h, path.h) -> ring buffer (record.h) -> BpfReader.java
 *
 * Each program stands alone: what a kernel lacks is left out by the loader. Rebuilt by `sensor/src/main/bpf/build`.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "control.h"
#include "record.h"
#include "path.h"
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
	read_call(&c, regs, task, ret);
	if (c.index >= PLANS || !control.wanted[c.index & (PLANS - 1)])
		return 0;
	if ((u32)task->tgid == control.own_tgid)
		return 0;
	return capture(task, &c, scope_of(task));
}
