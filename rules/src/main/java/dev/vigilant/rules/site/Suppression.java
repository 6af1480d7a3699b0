// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

/**
 * Why an alert is kept back.
 *
 * @param rule id of the rule that would have raised it
 * @param because the exception or limit, with its owner, as people are told
 */
public record Suppression(String rule, String because) {}
