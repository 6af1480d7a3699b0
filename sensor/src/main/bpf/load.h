/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structures of the kernel of which only the address is known. With bpf_rdonly_cast (Linux 6.2) they are read by plain loads, a
 * tenth of the price of a helper call; texts eight bytes at a time.
 */
#pragma once

extern void *bpf_rdonly_cast(const void *address, u32 type) __ksym __weak;

/* Set by the loader where the kernel has the function: the verifier knows the value, and takes away what does not run. */
const volatile u32 has_cast SEC(".rodata.cast") = 0;

#define CAST(type, address) ((type *)bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)))

/* A field that is a number. cast is has_cast, read once a function. */
#define GET(cast, type, address, field) \
	((cast) ? CAST(type, address)->field : BPF_CORE_READ((type *)(address), field))

/* Eight bytes at any address. To the verifier they are a number, where a pointer's field would be a pointer: struct pt_regs begins so. */
static __always_inline u64 word_at(bool cast, u64 address)
{
	if (cast)
		return *(u64 *)CAST(struct pt_regs, address);
	u64 word = 0;
	bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
	return word;
}

/* A field that is a pointer. */
#define LINK(cast, type, address, field) word_at(cast, (u64)(address) + bpf_core_field_offset(type, field))

#define LOW_BITS 0x0101010101010101ULL
#define LOW_SEVEN 0x7f7f7f7f7f7f7f7fULL

/* The highest bit of each byte that is 0. */
static __always_inline u64 zero_bytes(u64 word)
{
	return ~(((word & LOW_SEVEN) + LOW_SEVEN) | word | LOW_SEVEN);
}

/* The bytes before the first of those that are told by their highest bits, and zeros; all of them when there is none. */
static __always_inline u64 before(u64 word, u64 ends)
{
	ends &= -ends;
	return ends ? word & ((ends >> 7) - 1) : word;
}
