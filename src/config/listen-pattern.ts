/** A host and a port: `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address. */
export const listenPattern = /^(?:\[[0-9a-f:.]+\]|[\w.-]*):\d{1,5}$/i
