import Audio

/// Decodes the bytes of a source client or of a relay into sound, on the thread that asks.
struct SoundDecoding {
  private let queue: ByteQueue
  private let sound: SoundQueue
  private let onSound: () -> Void

  /// - Parameter onSound: called before each piece of sound.
  init(_ queue: ByteQueue, into sound: SoundQueue, onSound: @escaping () -> Void = {}) {
    (self.queue, self.sound, self.onSound) = (queue, sound, onSound)
  }

  /// Blocks until the bytes have ended, or nobody takes the sound any more.
  /// - Parameters:
  ///   - bytes: those of the queue, perhaps without metadata.
  ///   - format: counts where the first bytes tell nothing.
  ///   - onTags: gets the tags of the sound that follows; empty ones where the sound has none.
  /// - Returns: the reason for which the bytes are no sound; nil where there is none.
  func run(_ bytes: any EncodedBytes, named format: EncodedFormat, onTags: (SoundTags) -> Void) -> String? {
    do throws(DecodingError) {
      var converter = SoundConverter(to: sound.format)
      let decoder = try RecognisedDecoder(bytes, named: format)
      while let piece = try decoder.next() {
        switch piece {
        case .tags(let tags): onTags(tags)
        case .sound(let samples, let format):
          queue.noteSound()
          onSound()
          guard sound.put(try converter.convert(samples, of: format)) else { return nil }
        }
      }
    } catch {
      return error.description
    }
    if queue.isUnreadable { return "\(ByteQueue.mostWithoutSound) bytes give no sound" }
    return queue.isEnded ? nil : "the sound has ended, and the bytes go on"
  }
}
