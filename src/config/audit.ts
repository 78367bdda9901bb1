/** The `audit` section: what is remembered of every call. */
import { z } from 'zod'
import { text } from './checks.ts'
import type { Config } from './config.ts'
import { toAbsolute } from './file-url.ts'
import { count, size } from './quantity.ts'

const defaultAudit = { rotateBytes: 100_000_000, keep: 10 }

export const auditSchema = z.strictObject({
  file: text(4096).meta({
    description:
      'Where the lines go, relative to this file. Only this user can read it; a second process writes to a file of its own beside it.',
    examples: ['./audit.jsonl'],
  }),
  statements: z
    .boolean()
    .meta({
      description: 'Take statements down as they were sent, with every value in them.',
      default: false,
    })
    .optional(),
  rotate: size([10_000, 1e12], '10kB to 1000GB, such as 100MB')
    .meta({ description: 'How large a file grows before the next one is begun.', default: '100MB' })
    .optional(),
  keep: count([1, 10_000])
    .meta({
      description: 'How many full files are kept; the oldest is deleted.',
      default: defaultAudit.keep,
    })
    .optional(),
  key: z
    .string()
    .min(16, 'expected at least 16 characters')
    .max(4096, 'expected at most 4096 characters')
    .meta({
      description:
        'A secret that the chain of hashes is made with, so that nobody without it can make another.',
      examples: ['${AUDIT_KEY}'],
    })
    .optional(),
  when_audit_fails: z
    .enum(['open', 'closed'])
    .meta({
      description:
        'While nothing can be written: `closed` refuses calls, `open` answers them and says in the record how many are missing.',
      default: 'closed',
    })
    .optional(),
})

export function toAudit(
  written: z.output<typeof auditSchema> | undefined,
  folder: string,
): Config['audit'] {
  return (
    written && {
      file: toAbsolute(written.file, folder),
      statements: written.statements ?? false,
      rotateBytes: written.rotate ?? defaultAudit.rotateBytes,
      keep: written.keep ?? defaultAudit.keep,
      key: written.key,
      whenAuditFails: written.when_audit_fails ?? 'closed',
    }
  )
}
