package firebreak.webhooks;

/** Takes what other tools send: verified, parsed, de-duplicated, recorded as changes. */
public final class Inbox {}
