import pg from 'pg'

type Done = (error: Error | null) => void

/**
 * A client that closes what it could not open. The driver leaves the socket of a login that it broke off by itself, such as
 * one without a password, and that would hold the process until the server closes it, a minute later.
 */
export class Client extends pg.Client {
  override connect(): Promise<pg.Client>
  override connect(done: Done): void
  override connect(done?: Done): unknown {
    if (done === undefined) return super.connect()
    return super.connect((error: Error | null) => {
      if (error) void this.end()
      done(error)
    })
  }
}
