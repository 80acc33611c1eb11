'use strict'

// By itself, because an old Node.js cannot even read it.
import('../dist/main.js')
