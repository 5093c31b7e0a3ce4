import Audio

/// The sound of a relay without the metadata. It belongs to the thread that decodes the sound.
final class ICYBytes: EncodedBytes {
  private static let inputSize = 4096

  private let bytes: any EncodedBytes
  private let onMetadata: ([UInt8]) -> Void
  private var demultiplexer: ICYDemultiplexer
  private var input: ArraySlice<UInt8> = []
  private var sound: ArraySlice<UInt8> = []

  /// - Parameter onMetadata: called before the sound that the metadata belongs to is read.
  init(_ bytes: any EncodedBytes, interval: Int?, onMetadata: @escaping ([UInt8]) -> Void) {
    (self.bytes, self.onMetadata) = (bytes, onMetadata)
    demultiplexer = ICYDemultiplexer(interval: interval)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while sound.isEmpty {
      switch demultiplexer.next(from: &input) {
      case .sound(let piece): sound = piece
      case .metadata(let metadata): onMetadata(metadata)
      case nil: guard fill() else { return 0 }
      }
    }
    let count = min(sound.count, buffer.count)
    buffer.copyBytes(from: sound.prefix(count))
    sound = sound.dropFirst(count)
    return count
  }

  /// - Returns: false at the end of the bytes.
  private func fill() -> Bool {
    let read = [UInt8](unsafeUninitializedCapacity: Self.inputSize) { memory, count in
      count = bytes.read(into: UnsafeMutableRawBufferPointer(memory))
    }
    input = read[...]
    return !read.isEmpty
  }
}
