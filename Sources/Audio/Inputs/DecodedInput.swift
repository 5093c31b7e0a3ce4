import Glibc

/// A file that libsndfile decodes, played once or over and over without a seam.
final class DecodedInput: Input {
  private let file: Int32
  private let path: String
  private let choice: InputChoice
  private let map: ChannelMap
  private var sound: SoundFile
  private var stamp: FileStamp
  /// Frames of this round that were read.
  private var position = 0
  /// The lines and titles that `takeEvents` hands out.
  private var events: [SourceEvent] = []
  private var hasToldDamage = false
  /// Whether the file holds sound of another form now, because it was written anew in its place.
  private var isAnother = false

  /// - Parameters:
  ///   - file: the open file, which belongs to the input from now on, unless there is an error.
  ///   - previous: the input that has failed; the same sound goes on where it stopped.
  init(_ file: Int32, path: String, _ choice: InputChoice, after previous: DecodedInput?) throws(SourceError) {
    (self.file, self.path, self.choice) = (file, path, choice)
    stamp = try FileStamp(of: file)
    sound = try SoundFile(file, length: stamp.size)
    map = try ChannelMap(sound, chosen: choice.channels)
    if let title = sound.title { events.append(.title(title)) }
    if let previous, previous.stamp == stamp, previous.position > 0 {
      if sound.seek(to: previous.position) {
        position = previous.position
      } else {
        sound = try SoundFile(file, length: stamp.size)
      }
    }
  }

  var format: PCMFormat { PCMFormat(sampleRate: sound.format.sampleRate, channels: map.outputs) }
  /// Half a second.
  var mostWaitingSamples: Int { format.sampleRate * format.channels / 2 }
  var framesLeft: Int? { sound.count.map { max(0, $0 - position) } }
  var title: SoundTitle? { sound.title }

  var summary: String {
    let channels = sound.format.channels == 1 ? "1 channel" : "\(sound.format.channels) channels"
    return "file \(path), \(sound.coding), \(sound.format.sampleRate) Hz, \(channels)"
  }

  var remarks: [String] {
    [map.remark, choice.isRawNamed ? InputChoice.headerCounts : nil].compactMap(\.self)
  }

  func close() {
    Glibc.close(file)
  }

  func takeEvents() -> [SourceEvent] {
    defer { events = [] }
    return events
  }

  func read(into block: inout [Int32]) throws(SourceError) -> InputArrival {
    try look()
    var count = 0
    while true {
      var frames: [Int32] = []
      let read = try sound.read(choice.blockSize - count, into: &frames)
      block += map.apply(frames)
      position += read
      count += read
      // A round without a frame would go on for ever.
      guard count < choice.blockSize, try beginsAgain() else { break }
    }
    guard count > 0 else {
      return isAnother || (choice.loops && stamp.isReplaced(at: path)) ? .replaced : .end(remark: damage)
    }
    return .frames(isAhead: false)
  }

  /// Goes back to the beginning at the end of a round, unless the file is played once, or another file or other sound is
  /// in its place.
  private func beginsAgain() throws(SourceError) -> Bool {
    guard choice.loops, position > 0, !stamp.isReplaced(at: path) else { return false }
    if let damage, !hasToldDamage {
      events.append(.remark(damage))
      hasToldDamage = true
    }
    let again = try SoundFile(file, length: stamp.size)
    isAnother = again.format != sound.format || again.speakers != sound.speakers || again.coding != sound.coding
    guard !isAnother else { return false }
    if again.title != sound.title { events.append(.title(again.title ?? SoundTitle(title: nil))) }
    (sound, position) = (again, 0)
    return true
  }

  private var damage: String? { sound.damage.map { "it is damaged: \($0); its sound ends after \(position) frames" } }

  /// Notices that the file was written to. A file that only grows is played on; its new end counts from the next round on.
  private func look() throws(SourceError) {
    let now = try FileStamp(of: file)
    guard now != stamp else { return }
    guard now.size > stamp.size else { throw SourceError("it was written anew") }
    stamp = now
  }
}

extension ChannelMap {
  /// The channels of a file that are played.
  fileprivate init(_ sound: SoundFile, chosen: [Int]) throws(SourceError) {
    if sound.speakers.isEmpty {
      try self.init(inputs: sound.format.channels, chosen: chosen)
    } else {
      try self.init(inputs: sound.format.channels, order: sound.speakers, chosen: chosen)
    }
  }
}
