/// The sound that listeners of a stream hear at one moment.
enum StreamState: String {
  /// No sound has come yet.
  case starting
  /// The source.
  case live
  /// The source, which has been silent since before the silence alarm.
  case silent
  /// The fallback takes the place of the source.
  case fallback
  /// Silence takes the place of a source that is gone.
  case filling
  /// The input has ended.
  case ended

  /// Whether listeners hear a source or its fallback.
  var isOnAir: Bool {
    switch self {
    case .live, .silent, .fallback: true
    case .starting, .filling, .ended: false
    }
  }

  /// - Parameters:
  ///   - hasSound: whether listeners can get sound.
  ///   - hasEnded: whether the input has ended.
  init(_ health: SourceHealth, _ settings: StreamSettings, hasSound: Bool, hasEnded: Bool) {
    // A fallback takes the place of a source at once, and is without sound only when that is told.
    let hasFallback =
      (!settings.fallbacks.isEmpty || health.outage == .absent && settings.startsWithTone)
      && health.substitute != .silence
    self =
      if hasEnded {
        .ended
      } else if !hasSound {
        .starting
      } else if !health.isUp {
        hasFallback ? .fallback : .filling
      } else if health.isSilent {
        settings.replacesSilence && hasFallback ? .fallback : .silent
      } else {
        // A source that is back is heard again after a second. The fallback of a room is heard under voices.
        health.substitute == .fallback && settings.sourceRoom == nil ? .fallback : .live
      }
  }
}
