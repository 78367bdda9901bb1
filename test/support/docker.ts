import { spawnSync } from 'node:child_process'

const runs = (...args: readonly string[]): boolean => spawnSync('docker', args).status === 0

/** Asked for, because it takes minutes, and because it tags images and takes a range of addresses. */
export const hasDocker: boolean =
  process.env['VITRINE_TEST_DOCKER'] === '1' && runs('info') && runs('compose', 'version')
if (!hasDocker)
  process.stdout.write(
    'deploy/compose.yaml is not run: VITRINE_TEST_DOCKER=1 does it where there is Docker Compose.\n',
  )
