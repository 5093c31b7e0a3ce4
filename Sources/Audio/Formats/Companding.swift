/// The samples that the octets of ITU-T G.711 stand for, at full scale 2^31.
enum Companding {
  /// A sample of µ-law has 14 bits: a sign, three bits of exponent and four of mantissa, all inverted.
  static let muLaw: [Int32] = (0..<256).map { octet in
    let bits = ~octet & 0xFF
    let magnitude = ((bits & 0xF) << 3 + 0x84) << (bits >> 4 & 7) - 0x84
    return Int32(bits & 0x80 == 0 ? magnitude : -magnitude) << 16
  }

  /// A sample of A-law has 13 bits: a sign, three bits of exponent and four of mantissa, every second bit inverted.
  static let aLaw: [Int32] = (0..<256).map { octet in
    let bits = octet ^ 0x55
    let (exponent, mantissa) = (bits >> 4 & 7, (bits & 0xF) << 4)
    let magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1)
    return Int32(bits & 0x80 != 0 ? magnitude : -magnitude) << 16
  }
}
