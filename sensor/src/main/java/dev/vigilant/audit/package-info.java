/**
 * Kernel audit: records in, events out; and the control of what the kernel records.
 *
 * <pre>
 *  netlink datagram --NetlinkAuditReader--> frame (one record's text) --AuditDecoder--> KernelEvent
 *  audit.log line   --AuditLogReader------>
 *
 *  Interest --AuditRules--> kernel rules --AuditControl--> kernel
 * </pre>
 *
 * <p>Flows in: bytes. Flows out: events, and counted rejections. The sensor thread runs it.
 */
@NullMarked
package dev.vigilant.audit;

import org.jspecify.annotations.NullMarked;
