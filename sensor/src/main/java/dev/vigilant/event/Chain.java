// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of an accessor of a list that its elements are what another accessor gives, taken again and again until it gives
 * null, so that a reader can follow them without the list.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Chain {
    /** The accessor, of the same class and of the type of the elements. */
    String next();

    /** How many elements there are at most. */
    int most();
}
