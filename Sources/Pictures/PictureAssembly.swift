/// Puts the pieces of stills together: one still at a time, of at most `JPEGStill.longest` bytes. Pure.
package struct PictureAssembly: Sendable {
  package enum Result: Equatable, Sendable {
    /// More pieces have to come; or the piece belongs to a still that was given up.
    case more
    case still(JPEGStill, sampleTime: UInt64)
    case fault(JPEGFault)
  }

  /// The number of the still; nil between two stills.
  private var sequence: UInt32?
  private var bytes: [UInt8] = []

  package init() {}

  /// Gives the present still up: one of its pieces is missing.
  package mutating func giveUp() {
    (sequence, bytes) = (nil, [])
  }

  package mutating func take(_ piece: PicturePiece) -> Result {
    if piece.isFirst { (sequence, bytes) = (piece.sequence, []) }
    guard piece.sequence == sequence else {
      giveUp()
      return .more
    }
    guard bytes.count + piece.bytes.count <= JPEGStill.longest else {
      giveUp()
      return .fault(.tooLong)
    }
    bytes += piece.bytes
    guard piece.isLast else { return .more }
    defer { giveUp() }
    do throws(JPEGFault) {
      return .still(try JPEGStill(bytes[...]), sampleTime: piece.sampleTime)
    } catch {
      return .fault(error)
    }
  }
}
