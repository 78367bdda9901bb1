/** A host and a port: `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address. */
export const listenPattern =
  /^(?:\[[0-9a-f:.]+\]|[\w.-]*):(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/i
