export { sampleShop } from './sample-shop.ts'
export type { SourceSuite, SourceUnderTest, SuiteWords, WhenDone } from './source-suite.ts'
export { testSource } from './test-source.ts'
