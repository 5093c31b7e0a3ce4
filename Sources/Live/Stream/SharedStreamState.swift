/// The objects through which a stream's capture thread and the server's threads exchange what they know.
struct SharedStreamState: Sendable {
  /// Operators say here what plays.
  let nowPlaying: NowPlayingMailbox
  /// The capture thread puts here what listeners can get.
  let latest: LatestEdition
  /// The capture thread notes here how far it has come.
  let edge: LiveEdge
  /// The capture thread notes here how its source is, and how encoding goes.
  let source: SourceMonitor
  let encoding: EncodingStatistics
}
