package import Codec

/// Turns PCM into encoded frames, for the life of one stream. Used by one thread.
///
/// A class, because the compiler (Swift 6.3) crashes on an existential of a type that can't be copied.
package protocol Encoder: AnyObject {
  /// The form in which the frames are encoded.
  var rendition: Rendition { get }
  /// How much later a sample is decoded than it was given, in samples of the rendition.
  var delay: Int { get }
  /// Frames finished since the stream began.
  var frames: Int { get }
  /// The most frames of PCM that `encode` takes at once: so few that no call finishes more than one encoded frame.
  var largestBlock: Int { get }
  /// The number of encoded frames that hold all PCM given so far, with the delay. At a stream's end silence is given after
  /// the sound until that number of frames is finished.
  var framesForInput: Int { get }

  /// Encodes at most `largestBlock` frames of interleaved PCM and appends the finished bytes to `bytes`, which need not end
  /// with a frame.
  func encode(_ pcm: ArraySlice<Int32>, into bytes: inout [UInt8]) throws(EncoderError)

  /// Ends the current frame so that no later frame refers to it, and appends the rest of the finished frames: afterwards
  /// `bytes` ends with a frame, and the next one begins a segment that decodes on its own.
  func closeSegment(into bytes: inout [UInt8]) throws(EncoderError)
}

/// A call of an encoder's library that failed.
package struct EncoderError: Error, Equatable, CustomStringConvertible {
  package let call: String
  /// The code that the library returned.
  package let code: Int
  package var description: String { "\(call) failed with code \(code)" }

  package init(call: String, code: Int) {
    self.call = call
    self.code = code
  }
}
