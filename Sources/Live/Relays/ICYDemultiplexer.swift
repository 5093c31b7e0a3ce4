/// Takes the metadata out of a stream that a server sends as SHOUTcast does: behind every `interval` bytes of sound, a byte
/// with the length of the metadata in units of 16 bytes, and the metadata. Pure.
struct ICYDemultiplexer: Sendable {
  enum Piece: Equatable {
    case sound(ArraySlice<UInt8>)
    /// Without the zeros that fill up its last unit.
    case metadata([UInt8])
  }

  /// The longest interval that a server may name, in bytes.
  static let longestInterval = 16 << 20

  private let interval: Int
  /// Bytes of sound before the next length.
  private var soundLeft: Int
  /// Bytes of the metadata that are still to come.
  private var metadataLeft = 0
  private var metadata: [UInt8] = []

  /// - Parameter interval: from 1 to `longestInterval`; nil where the server sends no metadata.
  init(interval: Int?) {
    self.interval = interval ?? .max
    soundLeft = self.interval
  }

  /// Takes the next piece from the front of `bytes`, however the bytes are cut.
  /// - Returns: nil when no bytes are left.
  mutating func next(from bytes: inout ArraySlice<UInt8>) -> Piece? {
    while let first = bytes.first {
      if metadataLeft > 0 {
        let part = bytes.prefix(metadataLeft)
        metadata += part
        metadataLeft -= part.count
        bytes = bytes.dropFirst(part.count)
        if metadataLeft == 0, let piece = takeMetadata() { return piece }
      } else if soundLeft > 0 {
        let sound = bytes.prefix(soundLeft)
        bytes = bytes.dropFirst(sound.count)
        if interval != .max { soundLeft -= sound.count }
        return .sound(sound)
      } else {
        bytes = bytes.dropFirst()
        (soundLeft, metadataLeft) = (interval, 16 * Int(first))
      }
    }
    return nil
  }

  /// Nil where the metadata is only zeros.
  private mutating func takeMetadata() -> Piece? {
    defer { metadata = [] }
    guard let end = metadata.lastIndex(where: { $0 != 0 }) else { return nil }
    return .metadata(Array(metadata[...end]))
  }
}
