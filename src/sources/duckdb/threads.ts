/** Of the engine at a time. More would hardly be quicker, and each takes memory of its own. */
export const mostThreads = 4
