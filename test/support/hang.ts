const MINUTE_MS = 60_000

/** Only a test that hangs takes so long, on any machine. All other waits end by what happens. */
export const HANG_MS = 60 * MINUTE_MS

/** What a test waits for, if it never comes: earlier than the test's own end, so that it can tell what it waited for. */
export const NEVER_CAME_MS = 20 * MINUTE_MS
