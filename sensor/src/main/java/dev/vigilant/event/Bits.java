// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a boolean accessor that it is true exactly when one of these bits is set in a numeric component, so that a
 * condition on it can be pushed into the kernel.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Bits {
    /** The record component that holds the bits. */
    String component();

    /** The bits, of which at least one is set. */
    long mask();
}
