import { type Command, InvalidArgumentError } from 'commander'
import type { AgentFlags } from './agent-options.ts'
import type { Done, Terminal } from './terminal.ts'
import type { TranscriptFlags } from './transcript-show.ts'

const targetText = 'a database or a config that Vitrine serves to the agent'

/** `ask`, `chat` and `transcript`: the agent. */
export function addAgentCommands(program: Command, terminal: Terminal, done: Done): void {
  withAgentFlags(program.command('ask'))
    .description('ask Claude, who finds the tools of Vitrine and of other MCP servers by itself')
    .argument('<question>', 'in quotes')
    .argument('[target]', targetText)
    .option('--output-schema <path>', 'a JSON Schema that the answer is to fit')
    .option('--quiet', 'print the answer and nothing else')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  vitrine ask "Which product sold best in May?" shop.db --max-usd 0.50',
    )
    .action(async (question: string, target: string | undefined, options: AgentFlags) => {
      const { askAgent } = await import('./ask-agent.ts')
      done(await askAgent({ ...options, question, target }, terminal))
    })
  withAgentFlags(program.command('chat'))
    .description('the same as a conversation')
    .argument('[target]', targetText)
    .action(async (target: string | undefined, options: AgentFlags) => {
      const { chat } = await import('./chat.ts')
      done(await chat({ ...options, target }, terminal))
    })
  addTranscript(program, terminal, done)
}

function addTranscript(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('transcript')
    .description('the record of a run of the agent')
    .command('show')
    .description('what was said and done; works out again what it cost and whether it was allowed')
    .argument('<path>', 'the file that --transcript named')
    .option('--prices <path>', 'YAML: what models cost, in place of what is published')
    .option('--json', 'print JSON')
    .action(async (path: string, options: Omit<TranscriptFlags, 'path'>) => {
      const { transcriptShow } = await import('./transcript-show.ts')
      done(await transcriptShow({ ...options, path }, terminal))
    })
}

const withAgentFlags = (command: Command): Command =>
  command
    .option('--model <id>', 'the model, such as claude-haiku-5-5 for volume')
    .option('--servers <path>', 'a .mcp.json or Claude Desktop configuration with more servers')
    .option('--server <name=command>', 'one more server: a command or a URL', collect, [])
    .option('--facts <path>', 'YAML: what is known of servers and their tools')
    .option('--pins <path>', 'definitions of tools as they were: what has changed is not used')
    .option('--system <text>', 'instructions for the model')
    .option('--prices <path>', 'YAML: what models cost, in place of what is published')
    .option('--max-usd <dollars>', 'spend no more')
    .option('--max-turns <n>', 'ask the model no more often', toCount)
    .option('--max-tokens <n>', 'use no more tokens', toCount)
    .option('--call-timeout <seconds>', 'longest call of a tool', toCount)
    .option('--timeout <seconds>', 'longest run', toCount)
    .option('--transcript <path>', 'write every step to this file before it is done')
    .option('--resume', 'go on with the conversation of that file')
    .option('--script <path>', 'answers written beforehand, in place of a model')

const collect = (value: string, before: string[]): string[] => [...before, value]

function toCount(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw new InvalidArgumentError('It takes a whole number from 1.')
}
