// Loaded before a child's program: when the parent is gone, whatever the reason, the child leaves as if asked to.
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), 5_000).unref()
})
process.channel?.unref()
