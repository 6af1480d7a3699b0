// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.FileTarget;
import dev.vigilant.source.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * One PATH record.
 *
 * @param name what was looked up, null when the kernel found the file without a name
 * @param nameType PARENT, NORMAL, CREATE, DELETE or UNKNOWN
 */
record PathItem(
        @Nullable String name,
        String nameType,
        long inode,
        int deviceMajor,
        int deviceMinor,
        int mode,
        long uid,
        long gid,
        int rdevMajor,
        int rdevMinor) {
    static PathItem of(Fields fields) {
        String nameType = fields.raw("nametype");
        return new PathItem(
                fields.text("name"),
                nameType == null ? "UNKNOWN" : nameType,
                fields.number("inode", 0),
                fields.major("dev"),
                fields.minor("dev"),
                (int) fields.number("mode", 8, 0),
                fields.number("ouid", -1),
                fields.number("ogid", -1),
                Math.max(0, fields.major("rdev")),
                Math.max(0, fields.minor("rdev")));
    }

    /** The same under another name. */
    PathItem named(String newName) {
        return new PathItem(newName, nameType, inode, deviceMajor, deviceMinor, mode, uid, gid, rdevMajor, rdevMinor);
    }

    boolean is(String type) {
        return nameType.equals(type);
    }

    /** The file, its name made absolute from the directory that relative names begin in. */
    FileTarget target(@Nullable String directory, FileSystems fileSystems) {
        return new FileTarget(
                FileTarget.absolute(directory, name),
                name,
                inode,
                deviceMajor,
                deviceMinor,
                mode,
                uid,
                gid,
                rdevMajor,
                rdevMinor,
                deviceMajor < 0 ? null : fileSystems.typeOf(deviceMajor, deviceMinor));
    }
}
