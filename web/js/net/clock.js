// The page's monotonic clock.

/** Seconds since the page was opened. */
export const now = () => performance.now() / 1000;
