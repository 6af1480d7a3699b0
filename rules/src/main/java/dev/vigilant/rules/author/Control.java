// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.alert.RuleDescription;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The controls that keep a node and its containers safe. A rule says with a tag which of them it watches: {@code control:seccomp}. */
public enum Control {
    PERMISSIONS("access control lists and permissions of files"),
    CAPABILITIES("capabilities"),
    NAMESPACES("namespaces"),
    SECCOMP("seccomp"),
    FIREWALL("iptables and nftables"),
    AUDIT("kernel audit"),
    MAC("SELinux and AppArmor"),
    IMA("integrity measurement"),
    ASLR("address space randomisation"),
    CGROUPS("control groups"),
    IMMUTABLE_CONTAINERS("immutable infrastructure: nothing is installed into a running container"),
    IMMUTABLE_HOST("immutable host"),
    IMAGES("vulnerable and malicious images"),
    CONTENT_TRUST("signed images"),
    READ_ONLY("read-only root file systems"),
    PRIVILEGED("no privileged containers"),
    ROOT_USER("no root in containers"),
    IMAGE_INTEGRITY("integrity of images"),
    TRUSTED_BOOT("trusted boot of the host"),
    RUNTIMES("container runtimes");

    /** What such tags begin with. */
    public static final String PREFIX = "control:";

    private final String title;

    Control(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** As tags call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a rule watches it. */
    boolean watchedBy(RuleDescription rule) {
        return rule.tags().contains(PREFIX + label());
    }

    /** As tags call them. */
    static List<String> labels() {
        return Arrays.stream(values()).map(Control::label).toList();
    }
}
