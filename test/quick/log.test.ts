import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createLogger, type LogFormat, type LogLevel, logWhatOthersPrint } from '../../src/log.ts'
import { createRedactor, redactJsonLine } from '../../src/redact.ts'

function capture(
  options: {
    level?: LogLevel
    format?: LogFormat
    secrets?: string[]
    isTTY?: boolean
    hasColors?: () => boolean
  } = {},
) {
  const lines: string[] = []
  const { level = 'info', format = 'json', secrets = [], isTTY = false, hasColors } = options
  const stream = { isTTY, hasColors, write: (line: string) => lines.push(line) }
  const log = createLogger({ level, format, secrets: () => secrets, stream })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') }
}

describe('format', () => {
  test('a line is JSON with an ISO time and the level by name', () => {
    const { log, last } = capture()
    log.info({ source: 'default' }, 'Done')
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      source: 'default',
      msg: 'Done',
    })
  })

  test('auto is pretty on a terminal and JSON elsewhere', () => {
    const terminal = capture({ format: 'auto', isTTY: true })
    terminal.log.info('Done')
    expect(() => JSON.parse(terminal.lines[0]!)).toThrow()
    expect(terminal.lines[0]).toContain('Done')
    const pipe = capture({ format: 'auto' })
    pipe.log.info('Done')
    expect(pipe.last().msg).toBe('Done')
  })

  test('pretty off a terminal has no colours', () => {
    const { log, lines } = capture({ format: 'pretty' })
    log.warn({ jobs: 2 }, 'Careful')
    expect(lines[0]).toMatch(/WARN: Careful\n\s+jobs: 2/)
    expect(lines[0]).not.toContain('\u001b')
  })

  test('a terminal that shows no colours, or is told so by NO_COLOR, is sent none', () => {
    const colourless = capture({ format: 'auto', isTTY: true, hasColors: () => false })
    colourless.log.warn('Careful')
    expect(colourless.lines[0]).not.toContain('\u001b')
    const colourful = capture({ format: 'auto', isTTY: true, hasColors: () => true })
    colourful.log.warn('Careful')
    expect(colourful.lines[0]).toContain('\u001b')
  })

  test('an error has its chain of causes, and its stack only at debug level', () => {
    const error = new Error('outer', { cause: new TypeError('inner') })
    const info = capture()
    info.log.error(error)
    expect(info.last()).toMatchObject({
      msg: 'outer',
      err: { name: 'Error', message: 'outer', causes: ['inner'] },
    })
    expect(info.last().err).not.toHaveProperty('stack')
    const debug = capture({ level: 'debug' })
    debug.log.error({ error }, 'Failed')
    expect(debug.last().error.stack).toContain('log.test.ts')
  })

  test('an error without a message is told by its parts; a circle of causes ends', () => {
    const { log, last } = capture()
    const error = new AggregateError([new Error('connect ::1'), new Error('connect 127.0.0.1')], '')
    error.cause = error
    log.error({ err: error }, 'Failed')
    expect(last().err).toEqual({ name: 'AggregateError', message: 'connect ::1, connect 127.0.0.1' })
  })
})

describe('what others print', () => {
  test('warnings and the console are lines of the log; what only developers need, at debug level', async () => {
    const before = { listeners: process.listeners('warning'), ...console }
    const { write, isTTY } = process.stderr
    process.stderr.isTTY = false
    const { log, lines } = capture({ level: 'debug', secrets: ['secret-of-a-library'] })
    logWhatOthersPrint(log)
    const warned = once(process, 'warning')
    process.emitWarning('SECURITY: secret-of-a-library')
    process.emitWarning('old', 'DeprecationWarning')
    console.error('it %s', 'failed', { at: 1 })
    console.log('hello')
    await new Promise<void>((done) => process.stderr.write('WARNING: secret-of-a-library\n', () => done()))
    await warned
    Object.assign(process.stderr, { write, isTTY })
    await expect.poll(() => lines.length).toBe(5)
    const told = lines.map((line) => JSON.parse(line)).map(({ level, msg }) => `${level} ${msg}`)
    expect(told).toEqual([
      'error it failed { at: 1 }',
      'info hello',
      'warn WARNING: [redacted]',
      'warn Warning: SECURITY: [redacted]',
      'debug DeprecationWarning: old',
    ])
    Object.assign(console, before)
    process.removeAllListeners('warning')
    for (const listener of before.listeners) process.on('warning', listener)
  })
})

describe('I10: redaction', () => {
  const KEY = 'llx-0123456789abcdef'
  const PASSWORD = 'p"ss w/rd\\ü'

  test.each(['json', 'pretty'] as const)(
    'no secret passes in %s lines, wherever and however it stands',
    (format) => {
      const { log, lines } = capture({ level: 'debug', format, secrets: [KEY, PASSWORD] })
      log.info({ nested: { deep: [`Bearer ${KEY}`], body: JSON.stringify({ PASSWORD }) } }, `Key ${KEY}`)
      log.info(`postgres://u:${encodeURIComponent(PASSWORD)}@h/d`)
      log.info(`postgres://u:${encodeURIComponent(PASSWORD).toLowerCase()}@h/d`)
      log.error(new Error(`Header ${KEY}`, { cause: new Error(`password ${PASSWORD}`) }))
      log.child({ [KEY]: 1 }).info('as a name')
      const text = lines.join('')
      expect(text).not.toContain(KEY)
      expect(text).not.toMatch(/ss w|ss%20w/)
      expect(text.match(/\[redacted\]/g)!.length).toBeGreaterThanOrEqual(7)
    },
  )

  test('fields that hold secrets by their name are blanked, known secret or not', () => {
    const { log, last } = capture()
    log.info({ apiKey: 'a', request: { headers: { authorization: 'b' } }, config: { password: 'c' } })
    expect(last()).toMatchObject({
      apiKey: '[redacted]',
      request: { headers: { authorization: '[redacted]' } },
      config: { password: '[redacted]' },
    })
  })

  test.each([1_980, 1_990, 1_995, 1_999])(
    'a key at the edge of a cut message, after %d characters',
    (length) => {
      const { log, last } = capture({ secrets: [KEY] })
      log.error(new Error(`${'x'.repeat(length)}${KEY}${'y'.repeat(100)}`))
      expect(last().err.message).not.toMatch(/llx/)
      expect(last().err.message).toMatch(/x… \(\d+ characters\)$|\[[a-z\]]*… \(\d+ characters\)$/)
    },
  )

  test.each([
    [
      'a+b/c=',
      [
        'a+b/c=',
        'a%2Bb%2Fc%3D',
        'a+b%2Fc%3D',
        'a%2bb/c%3d',
        'a%252Bb%252Fc%253D',
        'a+b\\/c=',
        'a\\u002bb/c\\u003d',
      ],
    ],
    [
      'p"ss\\w rd',
      ['p"ss\\w rd', 'p\\"ss\\\\w rd', 'p\\\\\\"ss\\\\\\\\w rd', 'p%22ss%5Cw+rd', 'p%22ss\\w%20rd'],
    ],
    [
      'grün&€𝄞',
      [
        'grün&€𝄞',
        'gr%C3%BCn&%e2%82%ac%F0%9D%84%9E',
        'gr\\u00fcn\\u0026\\u20ac\\ud834\\udd1e',
        'gr\\u00FCn&\\u20ACäää'.replace('äää', '𝄞'),
      ],
    ],
    ["it's(1)*!\n", ["it's(1)*!\n", 'it%27s%281%29%2A!%0A', "it's(1)*!\\n", "it\\'s(1)*!\\\\n"]],
  ])('I10: %j is hidden in each form that some library gives it', (secret, forms) => {
    const redact = createRedactor(() => [secret])
    for (const form of forms) expect(redact(`<${form}>`)).toBe('<[redacted]>')
    expect(redact(secret.slice(1))).toBe(secret.slice(1))
  })

  test('I11: text that is nearly a secret, megabytes of it, is read in time that grows as it does', () => {
    const redact = createRedactor(() => ['"\\"\\"\\secret', '%25%25%25%25'])
    for (const near of ['\\', '"', '\\"', '%25', '%']) {
      const text = near.repeat(500_000)
      expect(redact(text).length).toBeLessThanOrEqual(text.length)
    }
  })

  test('a rotated key is hidden from the next line on', () => {
    const secrets = ['first-key']
    const redact = createRedactor(() => secrets)
    expect(redact('first-key second-key')).toBe('[redacted] second-key')
    secrets.push('second-key')
    expect(redact('first-key second-key')).toBe('[redacted] [redacted]')
  })

  test('of two secrets, one within the other, nothing is left', () => {
    expect(createRedactor(() => ['pass', 'password'])('my password')).toBe('my [redacted]')
  })

  test('a secret too short to be one is let be', () => {
    expect(createRedactor(() => ['', 'abc'])('abc')).toBe('abc')
  })

  test('a secret inside a number leaves valid JSON', () => {
    const redact = createRedactor(() => ['2345'])
    const line = redactJsonLine('{"count":123456,"msg":"id 2345","small":1}\n', redact)
    expect(JSON.parse(line)).toEqual({ count: '[redacted]', msg: 'id [redacted]', small: 1 })
    expect(line.endsWith('\n')).toBe(true)
  })
})
