import Audio
import HLS
import Synchronization

/// The titles of the files that a stream plays, on their way to now playing. The title of a fallback counts while the fallback
/// is heard; afterwards, the title from before counts again.
final class FileTitles: Sendable {
  private struct State: Sendable {
    var isFallbackHeard = false
    /// The title that counts again when the source is heard; nil where no fallback has replaced it.
    var before: NowPlaying?
    /// The latest title of a fallback.
    var shown: NowPlaying?
  }

  private let nowPlaying: NowPlayingMailbox
  private let state = Mutex(State())

  init(for nowPlaying: NowPlayingMailbox) {
    self.nowPlaying = nowPlaying
  }

  func note(_ event: SourceEvent) {
    switch event {
    case .title(let title):
      let playing = NowPlaying(mending: title.title, artist: title.artist)
      let isHeard = state.withLock { state in
        if state.isFallbackHeard { state.before = playing }
        return !state.isFallbackHeard
      }
      if isHeard { nowPlaying.set(playing) }
    case .fallbackTitle(let title):
      let (latest, playing) = (nowPlaying.latest, NowPlaying(mending: title.title, artist: title.artist))
      state.withLock { state in
        state.before = state.before ?? latest
        state.shown = playing
      }
      nowPlaying.set(playing)
    case .fallback(let name, _): switched(toFallback: name != nil)
    case .sourceHeard: switched(toFallback: false)
    default: break
    }
  }

  private func switched(toFallback isFallbackHeard: Bool) {
    let (before, shown) = state.withLock { state in
      state.isFallbackHeard = isFallbackHeard
      defer { (state.before, state.shown) = (nil, nil) }
      return (state.before, state.shown)
    }
    // The next fallback may have no title. A title that an operator or a source client has set meanwhile stays.
    if let before, shown == nil || nowPlaying.latest == shown { nowPlaying.set(before) }
  }
}
