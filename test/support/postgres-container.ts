import { connect } from 'node:net'
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers'

const PORT = 5432
const PASSWORD = 'known-to-all'

/** Published on the loopback address only, where the engine is on this machine: the password is no secret. */
class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const { info } = await getContainerRuntimeClient()
    const local = info.containerRuntime.hostIps.find(({ address }) => address === '127.0.0.1')
    if (!local) return
    this.hostConfig.PortBindings = { [`${PORT}/tcp`]: [{ HostIp: local.address, HostPort: '0' }] }
  }
}

/** Starts a PostgreSQL image with the server settings given. Throws where no engine answers or the image cannot be had. */
export async function startContainer(
  image: string,
  settings: Record<string, string>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const container = await new LoopbackContainer(image)
    .withExposedPorts(PORT)
    .withEnvironment({ POSTGRES_PASSWORD: PASSWORD })
    .withSharedMemorySize(256 * 1024 * 1024)
    .withCommand(['postgres', ...flags])
    // While the image runs initdb its server listens on a Unix socket only, hence the host in this check.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host 127.0.0.1 --username postgres'))
    .start()
    .catch(explain(image))
  const stop = async () => void (await container.stop())
  try {
    return { url: await urlOf(container), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The engine's own message does not tell which image it could not pull. */
function explain(image: string): (error: unknown) => never {
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error)
    const helper =
      'where the helper image of testcontainers is not to be had, set TESTCONTAINERS_RYUK_DISABLED=true'
    throw new Error(`image ${image}: ${reason}; ${helper}`, { cause: error })
  }
}

/**
 * In a container the library takes the bridge's gateway for the engine's host. An engine inside that same container
 * publishes on the loopback address, though, so what answers is what counts.
 */
async function urlOf(container: StartedTestContainer): Promise<string> {
  const port = container.getMappedPort(PORT)
  const hosts = [container.getHost(), '127.0.0.1']
  for (const host of hosts) {
    if (await answers(host, port)) return `postgres://postgres:${PASSWORD}@${host}:${port}/postgres`
  }
  throw new Error(`its port ${port} is published, but neither ${hosts.join(' nor ')} answers on it`)
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3_000 })
    const settle = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', settle(true)).on('timeout', settle(false)).on('error', settle(false))
  })
}
