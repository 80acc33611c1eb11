#!/usr/bin/env node
'use strict'

// Old syntax on purpose: a Node.js that is too old has to be able to read this far, to say which one is needed.
const needed = [22, 22]
const found = process.versions.node.split('.').map(Number)

if (found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1])) {
  require('./start.cjs')
} else {
  process.stderr.write(
    'llamacloud-sync needs Node.js ' +
      needed.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      '.\n',
  )
  process.exitCode = 2
}
