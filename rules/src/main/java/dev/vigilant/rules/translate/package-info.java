// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What the front ends for rules of other languages share: conditions joined and decided as far as they can be, names of calls
 * and of users, and how a rule is refused. Knows none of the languages.
 */
@NullMarked
package dev.vigilant.rules.translate;

import org.jspecify.annotations.NullMarked;
