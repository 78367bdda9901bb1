import type { Actor } from '../base/actor.ts'
import type { HttpConfig } from '../config/config.ts'
import { type Door, openDoor } from '../edge/door.ts'

/** Who may come in over HTTP; what that takes is loaded only where it is asked for. */
export async function createAppDoor(
  { auth, url, listen }: HttpConfig,
  { localActor, tell }: { localActor: Actor; tell: (message: string) => void },
): Promise<Door> {
  if (auth === undefined) return openDoor(localActor)
  const { createDoor } = await import('../edge/auth/create-door.ts')
  return createDoor({ auth, resource: url ?? `http://${listen}/mcp`, tell })
}
