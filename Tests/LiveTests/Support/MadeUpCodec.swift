import Codec

extension AudioCodec {
  /// A codec that does not exist: 960 samples a frame, and frames of different lengths. A frame is the octet C0, the count
  /// of the octets behind the header, and these.
  static let madeUp = AudioCodec(
    name: "made up", samplesPerFrame: 960, fileExtension: "snd", mediaType: "audio/x-made-up",
    codecsParameter: "made.up"
  ) { bytes, offset in
    guard offset + 2 <= bytes.count, bytes[offset] == 0xC0 else { return nil }
    return Frame(length: 2 + Int(bytes[offset + 1]), sampleRate: 48_000)
  }
}

enum MadeUpFrames {
  /// Frame `index` of a stream.
  static func frame(_ index: Int) -> [UInt8] {
    let count = 100 + index * 37 % 100
    return [0xC0, UInt8(count)] + [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: count)
  }

  /// The frames of a part of a stream.
  static func frames(_ range: Range<Int>) -> [UInt8] { range.flatMap(frame) }
}
