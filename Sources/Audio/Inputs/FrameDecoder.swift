/// Turns an input's bytes into the frames that are played.
struct FrameDecoder: Sendable {
  /// The layout of the bytes: all channels of the input.
  let layout: SampleLayout
  private let input: PCMFormat
  private let map: ChannelMap

  init(_ layout: SampleLayout, _ input: PCMFormat, _ map: ChannelMap) {
    (self.layout, self.input, self.map) = (layout, input, map)
  }

  /// For sound without a header.
  init(_ choice: InputChoice) throws(SourceError) {
    let raw = choice.raw
    self.init(raw.layout, raw.format, try ChannelMap(inputs: raw.format.channels, chosen: choice.channels))
  }

  init(_ header: WAVHeader, chosen: [Int]) throws(SourceError) {
    let map = try ChannelMap(inputs: header.format.channels, speakers: header.speakers, chosen: chosen)
    self.init(header.layout, header.format, map)
  }

  /// The format of the frames that are played.
  var format: PCMFormat { PCMFormat(sampleRate: input.sampleRate, channels: map.outputs) }

  /// Bytes of a frame with all its channels.
  var frameLength: Int { input.channels * layout.format.bytes }

  /// Samples of a frame that is played.
  var channels: Int { map.outputs }

  /// `int16, 48000 Hz, 2 channels`.
  var summary: String {
    let channels = input.channels == 1 ? "1 channel" : "\(input.channels) channels"
    return "\(layout), \(input.sampleRate) Hz, \(channels)"
  }

  /// One line where channels are mixed; nil otherwise.
  var remark: String? {
    map.isMix ? "its \(input.channels) channels are mixed down to 2: --input-channels chooses one or two of them" : nil
  }

  /// Appends the frames of `raw`, whole frames only, to `frames`.
  func decode(_ raw: UnsafeRawBufferPointer, into frames: inout [Int32]) {
    guard !map.isAll else { return layout.decode(raw, into: &frames) }
    var all: [Int32] = []
    all.reserveCapacity(raw.count / layout.format.bytes)
    layout.decode(raw, into: &all)
    frames += map.apply(all)
  }
}
