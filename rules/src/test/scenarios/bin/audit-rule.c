// Adds an audit rule that never matches, and removes it.
#include <linux/audit.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void tell(int fd, int type) {
    struct {
        struct nlmsghdr header;
        struct audit_rule_data rule;
    } message;
    memset(&message, 0, sizeof message);
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = type;
    message.header.nlmsg_flags = NLM_F_REQUEST;
    message.header.nlmsg_seq = type;
    message.rule.flags = AUDIT_FILTER_EXIT;
    message.rule.action = AUDIT_NEVER;
    message.rule.field_count = 1;
    message.rule.fields[0] = AUDIT_PID;
    message.rule.values[0] = 1;
    message.rule.fieldflags[0] = AUDIT_EQUAL;
    message.rule.mask[0] = 1;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    sendto(fd, &message, sizeof message, 0, (struct sockaddr *)&kernel, sizeof kernel);
}

int main(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
    tell(fd, AUDIT_ADD_RULE);
    tell(fd, AUDIT_DEL_RULE);
    close(fd);
    return 0;
}
