export type { FakeScript, FakeTurn, Fault, JournalEntry, RequestBody } from './script.ts'
export { type FakeMessagesApi, startFakeMessagesApi } from './server.ts'
