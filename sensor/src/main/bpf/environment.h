/* SPDX-FileCopyrightText: The Vigilant authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* The environment of a program at its exec, as far as rules ask for it. */
#pragma once

#define KEY_MAX 64
#define ENVIRONMENT_MAX 4096
#define ENVIRONMENT_STEPS 65536

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

struct environment_walk {
	u64 at, end;
	u32 owner;
	u32 taken;
	u32 within; /* the entry is longer than what was read of it */
};

/* Whether the entry in s->walk has a key that is asked for. */
__noinline int is_asked(struct scratch *s)
{
	struct environment_key key = {};
	if (!s)
		return 0;
	for (u32 i = 0; i < KEY_MAX; i++) {
		char c = s->walk[i];
		if (!c || c == '=')
			break;
		key.name[i] = c;
	}
	return key.name[0] && bpf_map_lookup_elem(&environment, &key) ? 1 : 0;
}

static long environment_step(u64 index, struct environment_walk *w)
{
	struct scratch *s = scratch_of(w->owner);
	if (!s || w->at >= w->end)
		return 1;
	long n = bpf_probe_read_user_str(s->walk, TEXT_MAX, (void *)w->at);
	if (n <= 0 || n > TEXT_MAX) {
		cut(s);
		return 1;
	}
	bool begins = !w->within;
	w->within = n == TEXT_MAX;
	w->at += w->within ? n - 1 : n;
	if (!begins || !is_asked(s))
		return 0;
	if (w->within)
		cut(s);
	u32 at = s->length;
	if (at > RECORD_FULL || w->taken > ENVIRONMENT_MAX) {
		cut(s);
		return 1;
	}
	bpf_probe_read_kernel(&s->bytes[at], n, s->walk);
	w->taken += n;
	s->length = at + n;
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
	struct environment_walk w = {.at = start, .end = end, .owner = owner};
	struct section *section = section_at(s, at, TAG_ENVIRONMENT, 0);
	s->length = at + 8;
	bpf_loop(ENVIRONMENT_STEPS, environment_step, &w, 0);
	if (w.at < w.end)
		cut(s);
	section->length = w.taken;
	s->length = at + 8 + ((w.taken + 7) & ~7);
	return 0;
}
