import Audio
import HLS
import Synchronization

/// The sound of another stream, as one stream takes it.
final class TapPlace: SoundPlace {
  private struct State {
    var sound: SoundQueue?
    var isOver = false
    var title = NowPlaying.nothing
  }

  private let tap: StreamTap
  private let format: PCMFormat
  private let state = Mutex(State())
  /// A lock of its own, which only the other stream takes: the thread that plays the sound must not wait for a conversion.
  private let converter: Mutex<SoundConverter>

  init(_ tap: StreamTap, format: PCMFormat) {
    (self.tap, self.format) = (tap, format)
    converter = Mutex(SoundConverter(to: format))
  }

  var sound: SoundQueue? { state.withLock { $0.sound } }
  var trouble: String? { tap.trouble }

  // The side of the other stream

  func put(_ block: [Int32], _ input: PCMFormat) {
    // A rate that is not converted is no sound.
    guard let sound = converter.withLock({ try? $0.convert(block, of: input) }) else { return end() }
    state.withLock { state in
      if state.sound == nil || state.isOver {
        state.sound = SoundQueue(format: format)
        if state.title != .nothing { Self.begin(state.title, in: state.sound) }
      }
      state.isOver = false
      state.sound?.offer(sound)
    }
  }

  /// What plays changes with the next sound.
  func play(_ playing: NowPlaying) {
    state.withLock { state in
      state.title = playing
      if !state.isOver { Self.begin(playing, in: state.sound) }
    }
  }

  /// No sound comes until the next one.
  func end() { state.withLock { end(&$0) } }

  private func end(_ state: inout State) {
    state.isOver = true
    state.sound?.end()
  }

  private static func begin(_ playing: NowPlaying, in sound: SoundQueue?) {
    sound?.begin(SoundTitle(title: playing.title, artist: playing.artist))
  }
}
