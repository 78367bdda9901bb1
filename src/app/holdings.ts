/**
 * What outlives one edition of the config: a thing whose options did not change is handed on to the next
 * edition as it is; any other is closed when the last edition that held it lets go.
 */
export class Holdings {
  readonly #held = new Map<string, Held>()

  /** For one edition. */
  begin(): Holder {
    const own: Held[] = []
    const letGo = (held: Held): Promise<void> => this.#letGo(held)
    return {
      hold: (name, options, make) => {
        const key = JSON.stringify([name, options])
        const held = this.#held.get(key) ?? { name, key, value: make(), holders: 0 }
        this.#held.set(key, held)
        held.holders += 1
        own.push(held)
        return held.value as ReturnType<typeof make>
      },
      async release(...names) {
        const these = own.filter(({ name }) => names.length === 0 || names.includes(name))
        own.splice(0, own.length, ...own.filter((held) => !these.includes(held)))
        await Promise.all(these.map(letGo))
      },
    }
  }

  async #letGo(held: Held): Promise<void> {
    held.holders -= 1
    if (held.holders > 0) return
    this.#held.delete(held.key)
    await held.value.close()
  }
}

export interface Closable {
  close(): Promise<void>
}

export interface Holder {
  /** The thing of that name and these options: one that is held already, or a new one. */
  hold<Value extends Closable>(name: string, options: unknown, make: () => Value): Value
  /** Lets go of things of these names, of all where none is given. */
  release(...names: readonly string[]): Promise<void>
}

interface Held {
  readonly name: string
  readonly key: string
  readonly value: Closable
  holders: number
}
