/** Figures of processes that share a port: each tells its own to the one that started it. */
import cluster, { type Worker } from 'node:cluster'
import type { MetricObject, Registry } from 'prom-client'
import type { Scrape } from './scrape.ts'

const question = 'figures'

interface Told {
  readonly figures: MetricObject[]
}

/** Milliseconds for a worker to tell; a scraper waits no longer than ten seconds. */
const deadlineMs = 5000

/** In a worker: answers whenever it is asked. */
export function tellFigures(registry: Registry): void {
  process.on('message', (message) => {
    if (message !== question) return
    registry.getMetricsAsJSON().then(
      (figures) => process.send?.({ figures } satisfies Told),
      () => undefined,
    )
  })
}

/** In the process that starts workers: their figures, added up. One that is not up yet has none. */
export async function createWorkersMetrics(): Promise<{ read(): Promise<Scrape> }> {
  const { AggregatorRegistry } = await import('prom-client')
  const workers = new Set<Worker>()
  cluster.on('listening', (worker) => workers.add(worker))
  cluster.on('exit', (worker) => workers.delete(worker))
  return {
    async read() {
      const registry = AggregatorRegistry.aggregate(await Promise.all([...workers].map(ask)))
      return { text: await registry.metrics(), type: registry.contentType }
    },
  }
}

/** Rejects where nothing comes in time: figures without those of a worker would seem to fall. */
const ask = (worker: Worker): Promise<MetricObject[]> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      worker.off('message', take).off('exit', leave)
    }
    const take = (message: unknown): void => {
      if (!isTold(message)) return
      end()
      resolve(message.figures)
    }
    const leave = (): void => {
      end()
      resolve([])
    }
    const timer = setTimeout(() => {
      end()
      reject(new Error('A worker tells no figures.'))
    }, deadlineMs)
    worker.on('message', take).once('exit', leave)
    if (worker.isConnected()) worker.send(question)
  })

const isTold = (message: unknown): message is Told =>
  typeof message === 'object' && message !== null && 'figures' in message
