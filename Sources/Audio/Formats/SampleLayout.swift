/// The layout of an input's samples: their format and the order of their bytes.
package struct SampleLayout: Equatable, Sendable {
  package let format: SampleFormat
  package let isBigEndian: Bool

  package init(_ format: SampleFormat, isBigEndian: Bool = false) {
    self.format = format
    self.isBigEndian = isBigEndian
  }

  /// The names of raw formats, as ffmpeg has them (`ffmpeg -formats`).
  package static let names: [(name: String, layout: SampleLayout)] = [
    ("u8", SampleLayout(.uint8)), ("s8", SampleLayout(.int8)), ("s16le", SampleLayout(.int16)),
    ("s24le", SampleLayout(.int24)), ("s32le", SampleLayout(.int32)), ("f32le", SampleLayout(.float32)),
    ("f64le", SampleLayout(.float64)), ("s16be", SampleLayout(.int16, isBigEndian: true)),
    ("s24be", SampleLayout(.int24, isBigEndian: true)), ("s32be", SampleLayout(.int32, isBigEndian: true)),
    ("f32be", SampleLayout(.float32, isBigEndian: true)), ("f64be", SampleLayout(.float64, isBigEndian: true)),
    ("mulaw", SampleLayout(.muLaw)), ("alaw", SampleLayout(.aLaw)),
  ]

  /// Nil for a name that is none of `names`.
  package init?(name: String) {
    guard let found = Self.names.first(where: { $0.name == name }) else { return nil }
    self = found.layout
  }

  /// Appends the samples of `raw`, whole samples only, to `samples` at full scale 2^31.
  package func decode(_ raw: UnsafeRawBufferPointer, into samples: inout [Int32]) {
    guard isBigEndian, format.bytes > 1 else { return format.decode(raw, into: &samples) }
    var turned = Array(raw)
    for start in stride(from: 0, to: turned.count, by: format.bytes) {
      turned[start..<start + format.bytes].reverse()
    }
    turned.withUnsafeBytes { format.decode($0, into: &samples) }
  }
}

extension SampleLayout: CustomStringConvertible {
  /// `int16`, or `int16 big-endian`.
  package var description: String { "\(format)\(isBigEndian ? " big-endian" : "")" }
}
