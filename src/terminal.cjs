/** Packages that only a terminal needs: by `require`, which loads them when they are asked for, and at once. */
function loadPretty() {
  return require('pino-pretty')
}

function loadProgress() {
  return require('cli-progress')
}

module.exports = { loadPretty, loadProgress }
