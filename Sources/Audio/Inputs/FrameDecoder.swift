/// Turns an input's bytes into the frames that are played.
struct FrameDecoder: Sendable {
  /// The layout of the bytes: all channels of the input.
  let layout: SampleLayout
  private let adpcm: ADPCM?
  private let input: PCMFormat
  private let map: ChannelMap

  init(_ layout: SampleLayout, _ input: PCMFormat, _ map: ChannelMap, adpcm: ADPCM? = nil) {
    (self.layout, self.input, self.map, self.adpcm) = (layout, input, map, adpcm)
  }

  /// For sound without a header.
  init(_ choice: InputChoice) throws(SourceError) {
    let raw = choice.raw
    self.init(raw.layout, raw.format, try ChannelMap(inputs: raw.format.channels, chosen: choice.channels))
  }

  init(_ header: WAVHeader, chosen: [Int]) throws(SourceError) {
    let map = try ChannelMap(inputs: header.format.channels, speakers: header.speakers, chosen: chosen)
    self.init(header.layout, header.format, map, adpcm: header.adpcm)
  }

  /// The format of the frames that are played.
  var format: PCMFormat { PCMFormat(sampleRate: input.sampleRate, channels: map.outputs) }

  /// Bytes that are decoded together: a frame with all its channels, or a block of ADPCM.
  var unitLength: Int { adpcm?.blockLength ?? input.channels * layout.format.bytes }

  /// Frames of a unit.
  var framesPerUnit: Int { adpcm?.framesPerBlock ?? 1 }

  /// The bytes of a block of so many frames, whole units and one at least.
  func length(ofFrames frames: Int) -> Int { max(1, frames / framesPerUnit) * unitLength }

  /// `int16, 48000 Hz, 2 channels`.
  var summary: String {
    let channels = input.channels == 1 ? "1 channel" : "\(input.channels) channels"
    let coding = adpcm.map { "\($0.kind) ADPCM" } ?? "\(layout)"
    return "\(coding), \(input.sampleRate) Hz, \(channels)"
  }

  /// One line where channels are mixed; nil otherwise.
  var remark: String? { map.remark }

  /// Appends the frames of `raw`, whole units only, to `frames`.
  func decode(_ raw: UnsafeRawBufferPointer, into frames: inout [Int32]) {
    guard !map.isAll else { return decodeAll(raw, into: &frames) }
    var all: [Int32] = []
    all.reserveCapacity(raw.count / unitLength * framesPerUnit * input.channels)
    decodeAll(raw, into: &all)
    frames += map.apply(all)
  }

  private func decodeAll(_ raw: UnsafeRawBufferPointer, into frames: inout [Int32]) {
    guard let adpcm else { return layout.decode(raw, into: &frames) }
    for start in stride(from: 0, to: raw.count, by: adpcm.blockLength) {
      adpcm.decode(UnsafeRawBufferPointer(rebasing: raw[start..<start + adpcm.blockLength]), into: &frames)
    }
  }
}
