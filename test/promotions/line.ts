import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'

/** An address that leads to one server after another, as that of a managed database does. */
export interface Line {
  readonly port: number
  /** Breaks all connections; new ones lead to this port, or are refused at once. */
  moveTo(port: number | null): void
  close(): Promise<void>
}

export async function openLine(to: number | null): Promise<Line> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  let target = to
  const server = net.createServer((socket) => {
    keep(socket)
    if (target === null) return void socket.destroy()
    const backend = net.connect(target, '127.0.0.1')
    keep(backend)
    socket.on('close', () => backend.destroy())
    backend.on('close', () => socket.destroy())
    socket.pipe(backend).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    moveTo: (port) => {
      target = port
      destroyAll()
    },
    close: async () => {
      destroyAll()
      server.close()
      await once(server, 'close')
    },
  }
}
