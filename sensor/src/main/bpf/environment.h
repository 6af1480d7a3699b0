/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* The environment of a program at its exec, as far as rules ask for it. */
#pragma once

#define KEY_MAX 64
#define ENVIRONMENT_MAX 4096
#define ENVIRONMENT_STEP 64
#define ENVIRONMENT_STEPS (1 << 17) /* more than the kernel takes of a program: 6 MiB with the arguments, fs/exec.c */

struct environment_key {
	char name[KEY_MAX]; /* padded with zeros, of which there is at least one */
};

enum environment_asked { ENVIRONMENT_NONE, ENVIRONMENT_KEYS, ENVIRONMENT_WHOLE };

/* The keys that are asked for. Under the empty one: enum environment_asked, missing for none. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct environment_key);
	__type(value, u64);
} environment SEC(".maps");

static __always_inline u32 environment_asked(void)
{
	struct environment_key none = {};
	u64 *asked = bpf_map_lookup_elem(&environment, &none);
	return asked ? *asked : ENVIRONMENT_NONE;
}

#define WHERE_READ 0     /* in the scratch's walk: the page that is gone through, as it lies in memory */
#define WHERE_ENTRY 4096 /* and an entry that may be asked for */

struct environment_walk {
	u64 start, at, end;
	u32 owner;
	u32 full; /* no more is taken */
	u32 section;
};

/* Whether the entry at WHERE_ENTRY has a key that is asked for. */
__noinline int is_asked(struct scratch *s)
{
	struct environment_key key = {};
	if (!s)
		return 0;
	char c = 0;
	for (u32 i = 0; i < KEY_MAX; i++) {
		c = s->walk[WHERE_ENTRY + i];
		if (!c || c == '=')
			break;
		key.name[i] = c;
	}
	/* What has no value is no variable, and must take no room of those that are. */
	return c == '=' && key.name[0] && bpf_map_lookup_elem(&environment, &key) ? 1 : 0;
}

/* By the key's first bytes, as far as they lie in the page that was read: tells most entries that nobody asks for. */
static __always_inline bool may_be_asked(struct scratch *s, u64 entry, u64 page)
{
	if ((entry + 7) >> 12 != page >> 12)
		return true;
	u64 first = *(u64 *)&s->walk[WHERE_READ + (entry & 4095)];
	first = before(first, zero_bytes(first) | zero_bytes(first ^ LOW_BITS * '='));
	u32 bit = first * COMPONENT_FACTOR >> 50; /* as in Components.java */
	return control.key_candidates[bit >> 3 & 2047] >> (bit & 7) & 1;
}

/* Takes an entry along if its key is asked for. */
__noinline int put_entry(struct environment_walk *w, u64 entry)
{
	if (!w || w->full)
		return 0;
	struct scratch *s = scratch_of(w->owner);
	if (!s)
		return 0;
	long n = bpf_probe_read_user_str(&s->walk[WHERE_ENTRY], TEXT_MAX, (void *)entry);
	if (n <= 0 || n > TEXT_MAX) {
		cut(s);
		return 0;
	}
	if (!is_asked(s))
		return 0;
	if (n == TEXT_MAX)
		cut(s);
	u32 at = s->length;
	if (at > RECORD_FULL || at - w->section > ENVIRONMENT_MAX) {
		cut(s);
		w->full = 1;
		return 0;
	}
	bpf_probe_read_kernel(&s->bytes[at], n, &s->walk[WHERE_ENTRY]);
	s->length = at + n;
	return 0;
}

/* The entries that begin behind the zeros of a word. */
__noinline int put_entries(struct environment_walk *w, u64 at, u64 zeros)
{
	if (!w)
		return 0;
	struct scratch *s = scratch_of(w->owner);
	if (!s)
		return 0;
	for (u32 n = 0; n < 8 && zeros; n++) {
		u64 zero = zeros & -zeros;
		zeros ^= zero;
		u64 entry = at + 1 + ((((zero >> 7) - 1) & LOW_BITS) * LOW_BITS >> 56);
		if (entry > w->start && entry < w->end && may_be_asked(s, entry, at))
			put_entry(w, entry);
	}
	return 0;
}

static long environment_step(u64 index, struct environment_walk *w)
{
	struct scratch *s = scratch_of(w->owner);
	u64 at = w->at;
	if (!s || at >= w->end || w->full)
		return 1;
	u32 offset = at & (4096 - ENVIRONMENT_STEP);
	if (index == 0 || offset == 0) {
		/* No further than the page: one that is not in memory must not cost this one. */
		u64 part = w->end - at;
		if (part > 4096 - offset)
			part = 4096 - offset;
		if (bpf_probe_read_user(&s->walk[WHERE_READ + offset], part, (void *)at)) {
			cut(s);
			return 1;
		}
	}
	if (index == 0 && may_be_asked(s, w->start, at))
		put_entry(w, w->start);
	const u64 *words = (u64 *)&s->walk[WHERE_READ + offset];
#pragma unroll
	for (u32 i = 0; i < ENVIRONMENT_STEP / 8; i++)
		if ((words[i] - LOW_BITS) & ~words[i] & LOW_BITS << 7)
			put_entries(w, at + 8 * i, zero_bytes(words[i]));
	w->at = at + ENVIRONMENT_STEP;
	return 0;
}

/* The entries whose keys are asked for, each with its zero. */
__noinline int put_environment(struct scratch *s, u32 owner, u64 start, u64 end)
{
	if (!s)
		return 0;
	u32 at = s->length;
	if (at > RECORD_FULL) {
		cut(s);
		return 0;
	}
	struct environment_walk w = {
		.start = start,
		.at = start & ~(u64)(ENVIRONMENT_STEP - 1),
		.end = end,
		.owner = owner,
		.section = at + 8,
	};
	section_at(s, at, TAG_ENVIRONMENT, 0);
	s->length = at + 8;
	if (start < end) {
		bpf_loop(ENVIRONMENT_STEPS, environment_step, &w, 0);
		if (w.at < end)
			cut(s);
	}
	end_section(s, at, s->length - at - 8);
	return 0;
}
