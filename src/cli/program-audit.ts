import type { Command } from 'commander'
import type { AuditVerifyOptions } from './audit.ts'
import type { AuditShowOptions } from './audit-show.ts'
import type { Done, Terminal } from './terminal.ts'

/** `audit`: the record of every call. */
export function addAuditCommands(program: Command, terminal: Terminal, done: Done): void {
  const audit = program.command('audit').description('the record of every call')
  addAuditVerify(audit, terminal, done)
  addAuditShow(audit, terminal, done)
}

function addAuditVerify(audit: Command, terminal: Terminal, done: Done): void {
  audit
    .command('verify')
    .description('is the record what was written: walks the chain of hashes over all its files')
    .argument('<file...>', 'the file of the config; those rotated out of it are found beside it')
    .option('--key-from <variable>', 'the environment variable that holds the key of the chain')
    .option('--anchor <hash>', 'the hash of a line that must be there, kept elsewhere')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  vitrine audit verify audit.jsonl --key-from AUDIT_KEY')
    .action(async (files: string[], options: Omit<AuditVerifyOptions, 'files'>) => {
      const { auditVerify } = await import('./audit.ts')
      done(await auditVerify({ ...options, files }, terminal))
    })
}

function addAuditShow(audit: Command, terminal: Terminal, done: Done): void {
  audit
    .command('show')
    .description('the last lines of the record')
    .argument('<file...>', 'the file of the config; those rotated out of it are found beside it')
    .option('--actor <id>', 'of one caller')
    .option('--tool <name>', 'of one tool')
    .option('--refused', 'what was refused')
    .option('--since <time>', 'a time (2026-11-25T14:00Z) or how long ago (30m, 24h, 7d)')
    .option('--last <lines>', 'at most so many', '20')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  vitrine audit show audit.jsonl --refused --since 24h')
    .action(async (files: string[], options: Omit<AuditShowOptions, 'files'>) => {
      const { auditShow } = await import('./audit-show.ts')
      done(await auditShow({ ...options, files }, terminal))
    })
}
