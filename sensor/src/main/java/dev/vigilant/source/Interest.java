// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import dev.vigilant.event.EventKind;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What one pattern of a rule wants sensed, said so that a sensor can push it into the kernel: the kind of event, and what
 * every event that the pattern could want has. A sensor may sense more than this, never less; one that does not know a
 * part ignores it. A pattern with alternatives ({@code ||}) may have several interests.
 *
 * @param kind the kind of event
 * @param conditions all of them hold for every event the rule could want; empty means any event of the kind
 * @param syscalls names of the syscalls that the rule asks for; empty means any
 * @param place whether only processes of containers or of the host are wanted
 * @param successful whether only events with {@code outcome == "success"} are wanted
 * @param programs {@code process.name} is one of them; empty for any
 * @param file what is asked of the file, for kinds that are a {@link dev.vigilant.event.FileEvent}
 * @param environment what is asked of the environment of the processes of such events; it narrows nothing
 */
public record Interest(
        EventKind kind,
        List<Condition> conditions,
        List<String> syscalls,
        Place place,
        boolean successful,
        Set<String> programs,
        FileDemand file,
        EnvironmentDemand environment) {
    public Interest {
        conditions = List.copyOf(conditions);
        syscalls = List.copyOf(syscalls);
        programs = Set.copyOf(programs);
    }

    /** An interest that asks nothing of the environment. */
    public Interest(
            EventKind kind,
            List<Condition> conditions,
            List<String> syscalls,
            Place place,
            boolean successful,
            Set<String> programs,
            FileDemand file) {
        this(kind, conditions, syscalls, place, successful, programs, file, EnvironmentDemand.NONE);
    }

    /** An interest that asks nothing of place, outcome and file. */
    public Interest(EventKind kind, List<Condition> conditions, List<String> syscalls) {
        this(kind, conditions, syscalls, Place.ANYWHERE, false, Set.of(), FileDemand.NONE);
    }

    /** An interest in a kind that has a record of its own. */
    public Interest(EventKind kind, List<Condition> conditions) {
        this(kind, conditions, List.of());
    }

    /** Whether all that the other wants is wanted by this one too. */
    public boolean covers(Interest other) {
        return kind == other.kind
                && other.conditions.containsAll(conditions)
                && within(syscalls, other.syscalls)
                && (place == Place.ANYWHERE || place == other.place)
                && (!successful || other.successful)
                && within(programs, other.programs)
                && file.covers(other.file)
                && environment.covers(other.environment);
    }

    private static <T> boolean within(Collection<T> wide, Collection<T> narrow) {
        return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
    }

    /** Where the process of an event runs, as the enriching stage decides: a container's from its first exec there. */
    public enum Place {
        /** In a container or on the host. */
        ANYWHERE,
        /** {@code container != null}. */
        CONTAINER,
        /** {@code container == null}. */
        HOST
    }

    /**
     * What is asked of the file. Each set that is not empty demands something; all that do are fulfilled.
     *
     * @param pathComponents {@code file.path} has one of them as a whole component, between slashes or at its end
     * @param rawPathComponents the same of {@code file.rawPath}
     * @param rawPathPrefixes {@code file.rawPath} begins with one of them
     * @param types {@code file.type} is one of them: {@code file}, {@code directory}, {@code block_device} ...
     * @param fileSystems {@code file.fileSystem} is one of them: {@code overlay}, {@code debugfs} ...
     */
    public record FileDemand(
            Set<String> pathComponents,
            Set<String> rawPathComponents,
            Set<String> rawPathPrefixes,
            Set<String> types,
            Set<String> fileSystems) {
        /** Any file. */
        public static final FileDemand NONE = new FileDemand(Set.of(), Set.of(), Set.of(), Set.of());

        public FileDemand {
            pathComponents = Set.copyOf(pathComponents);
            rawPathComponents = Set.copyOf(rawPathComponents);
            rawPathPrefixes = Set.copyOf(rawPathPrefixes);
            types = Set.copyOf(types);
            fileSystems = Set.copyOf(fileSystems);
        }

        /** A demand that says nothing of how {@code file.rawPath} begins. */
        public FileDemand(
                Set<String> pathComponents, Set<String> rawPathComponents, Set<String> types, Set<String> fileSystems) {
            this(pathComponents, rawPathComponents, Set.of(), types, fileSystems);
        }

        boolean covers(FileDemand other) {
            return within(pathComponents, other.pathComponents)
                    && within(rawPathComponents, other.rawPathComponents)
                    && within(rawPathPrefixes, other.rawPathPrefixes)
                    && within(types, other.types)
                    && within(fileSystems, other.fileSystems);
        }
    }

    /** How a field is compared. */
    public enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        /** At least one bit of the value is set in the field. */
        ANY_BIT
    }

    /**
     * A condition on a numeric component of the event's record.
     *
     * @param component name of the record component: {@code flags}, {@code mode}, {@code newFd}, {@code family}
     * @param comparison how it is compared
     * @param value with what
     */
    public record Condition(String component, Comparison comparison, long value) {}
}
