import Audio
import Synchronization
import System

/// The sound of a capture device, on its way from the device's thread. Only the thread that plays the sound uses the place.
final class DevicePlace: SoundPlace {
  private struct State {
    var sound: SoundQueue?
    var trouble: String?
    /// The format of the device that is open.
    var input: PCMFormat?
    var converter: SoundConverter
  }

  private let format: PCMFormat
  private let reader: DeviceReader
  private let state: Mutex<State>

  /// Opens the device on the device's thread.
  /// - Parameter format: to which the device's sound is converted.
  init(_ device: String, wish: CaptureWish, format: PCMFormat) {
    self.format = format
    reader = DeviceReader(device: device, wish: wish)
    state = Mutex(State(converter: SoundConverter(to: format)))
  }

  deinit { reader.stop(within: .zero) }

  var sound: SoundQueue? {
    state.withLock { state in
      while let message = reader.take(atMost: .zero) { take(message, &state) }
      return state.sound
    }
  }

  var trouble: String? { state.withLock { $0.trouble } }

  private func take(_ message: DeviceReader.Message, _ state: inout State) {
    switch message {
    case .opened(_, let input): state.input = input
    case .frames(let frames, _):
      guard let input = state.input else { return }
      do throws(DecodingError) {
        let sound = try state.converter.convert(frames, of: input)
        if state.trouble != nil || state.sound == nil { state.sound = SoundQueue(format: format) }
        state.trouble = nil
        state.sound?.offer(sound)
      } catch {
        state.trouble = error.description
        state.sound?.end()
      }
    // The follower hears the hole.
    case .overrun: break
    case .failed(let reason):
      state.trouble = reason
      state.sound?.end()
    }
  }
}
