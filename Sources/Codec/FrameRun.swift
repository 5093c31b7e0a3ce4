/// A run of whole frames of one format, as each segment holds it.
package struct FrameRun: Equatable, Sendable {
  package let sampleRate: Int
  package let frames: Int

  /// Walks the frames from `offset` to the end; nil unless they are whole, of one sample rate, and end with the bytes.
  package init?(_ bytes: [UInt8], from offset: Int) {
    var (position, count, rate) = (offset, 0, 0)
    while position < bytes.count {
      guard let header = FrameHeader(bytes, at: position), position + header.length <= bytes.count,
        count == 0 || header.sampleRate == rate
      else { return nil }
      rate = header.sampleRate
      position += header.length
      count += 1
    }
    guard count > 0 else { return nil }
    (sampleRate, frames) = (rate, count)
  }

  /// Where the whole frames that begin at `offset` end: what follows is a frame that was cut off, or none.
  package static func end(in bytes: [UInt8], from offset: Int) -> Int {
    var position = offset
    while let header = FrameHeader(bytes, at: position), position + header.length <= bytes.count {
      position += header.length
    }
    return position
  }
}
