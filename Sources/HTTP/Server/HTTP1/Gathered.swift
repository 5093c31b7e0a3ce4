import Glibc

/// Pieces of memory that are sent by one call (writev(2)). The pieces must stay valid until then.
struct Gathered {
  private let pieces: UnsafeMutableBufferPointer<iovec>
  private(set) var count = 0
  /// The bytes of all pieces.
  private(set) var bytes = 0

  init(in pieces: UnsafeMutableBufferPointer<iovec>) {
    self.pieces = pieces
  }

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    guard !piece.isEmpty else { return }
    pieces[count] = iovec(iov_base: UnsafeMutableRawPointer(mutating: piece.baseAddress), iov_len: piece.count)
    count += 1
    bytes += piece.count
  }

  /// Adds as many slices as there is room for.
  mutating func add(_ slices: [Bytes.Slice]) {
    for slice in slices where count < pieces.count {
      slice.bytes.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[slice.range])) }
    }
  }

  /// A copy of the bytes from one place to another.
  func copy(from start: Int, to end: Int) -> [UInt8] {
    var (copied, place): ([UInt8], Int) = ([], 0)
    for piece in pieces[..<count] {
      let bytes = UnsafeRawBufferPointer(start: piece.iov_base, count: piece.iov_len)
      let (from, to) = (max(0, start - place), min(bytes.count, end - place))
      if from < to { copied += bytes[from..<to] }
      place += bytes.count
    }
    return copied
  }
}
