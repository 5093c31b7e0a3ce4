/// The hash FNV-1a of 64 bits (Fowler, Noll, Vo): fast, but not secure against forgery.
package enum FNV1a {
  /// The hash of no bytes.
  package static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

  package static func hash(_ bytes: [UInt8]) -> UInt64 { hash(bytes[...]) }

  /// - Parameter before: the hash of the bytes in front of these.
  package static func hash(_ bytes: ArraySlice<UInt8>, after before: UInt64 = basis) -> UInt64 {
    var hash = before
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
    return hash
  }
}
