export type { JobStoreSuite, PlaceOptions } from './job-store-suite.ts'
export {
  type FakeMessagesApi,
  type FakeScript,
  type FakeTurn,
  type Fault,
  type JournalEntry,
  type RequestBody,
  startFakeMessagesApi,
} from './messages-api/index.ts'
export { sampleShop } from './sample-shop.ts'
export type { SourceSuite, SourceUnderTest, SuiteWords, WhenDone } from './source-suite.ts'
export { testJobStore } from './test-job-store.ts'
export { testSource } from './test-source.ts'
