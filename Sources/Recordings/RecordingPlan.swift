import Core

/// Decides which frames go into which recording. A pure state machine: each part that comes leads to actions, which the
/// recorder performs in their order.
///
/// A recording belongs to one stretch of local time, such as an hour, and begins and ends at borders between parts: only
/// there the next frame leans on nothing before it, because the encoder empties its bit reservoir at the end of each part.
/// Each part belongs to the stretch in which its middle lies, so that a cut is at the border nearest to the hour.
package struct RecordingPlan: Sendable {
  package enum Action: Equatable, Sendable {
    /// Begin a file.
    case begin(Recording)
    /// Append frames to the file.
    case append([UInt8])
    /// The recording has a new chapter: write the tag and the cue sheet anew.
    case describe(Recording)
    /// No more sound comes: write the tag and the cue sheet with the recording's length, and close the file.
    case finish(Recording)
  }

  private struct Current {
    var recording: Recording
    /// The number of the stretch of local time.
    let stretch: Int
    /// Seconds by which local time was ahead of UTC at the beginning.
    let offset: Int
    /// The sample of the run at which the recording begins.
    let start: Int
    /// The sample of the run that comes next.
    var end: Int
    let sampleRate: Int
    /// The title of the sound; the last chapter may be a mark.
    var title: String?

    mutating func extend(by part: RecordedPart) {
      end += part.samples
      recording.milliseconds = milliseconds(at: end)
    }

    func milliseconds(at sample: Int) -> Int { max(0, sample - start) * 1000 / sampleRate }
  }

  private let stream: String
  /// Microseconds of a stretch.
  private let length: Int
  private var isOn = true
  private var current: Current?

  /// - Parameters:
  ///   - stream: the name of the stream.
  ///   - length: the longest recording, in seconds.
  package init(stream: String, length: Int) {
    self.stream = stream
    self.length = length * 1_000_000
  }

  /// A part has come.
  /// - Parameter offset: seconds by which local time is ahead of UTC at the middle of the part.
  package mutating func take(_ part: RecordedPart, offset: Int) -> [Action] {
    guard isOn else { return [] }
    let stretch = stretch(of: part, offset)
    var actions: [Action] = []
    // A part that does not follow the one before has lost its place: the sound of a file has no hole.
    if let current,
      current.stretch != stretch || current.end != part.start || current.sampleRate != part.sampleRate
        || current.offset != offset && beginsStretch(part, offset)
    {
      actions += end()
    }
    var isNew = false
    if current == nil {
      let name = RecordingName(stream: stream, start: part.date, offset: offset)
      current = Current(
        recording: Recording(name: name), stretch: stretch, offset: offset, start: part.start, end: part.start,
        sampleRate: part.sampleRate)
      isNew = true
    }
    let hasChapter = beginChapters(part.titles)
    if isNew { actions.append(.begin(current!.recording)) }
    current!.extend(by: part)
    // The frames come last: of all actions of a part, only this one must not be repeated when another has failed.
    if hasChapter, !isNew { actions.append(.describe(current!.recording)) }
    actions.append(.append(part.bytes))
    return actions
  }

  /// An operator begins or ends the recording by hand. What ends is a whole file; what begins is a new one.
  package mutating func turn(on isOn: Bool) -> [Action] {
    self.isOn = isOn
    return isOn ? [] : end()
  }

  /// An operator marks the sound: a chapter begins, up to the next title or mark.
  package mutating func mark(_ text: String) -> [Action] {
    guard current != nil, current!.recording.mark(text, at: current!.recording.milliseconds) else { return [] }
    return [.describe(current!.recording)]
  }

  /// The stream has ended.
  package mutating func end() -> [Action] {
    defer { current = nil }
    return current.map { [.finish($0.recording)] } ?? []
  }

  /// The file is gone: the next part begins another.
  package mutating func lose() { current = nil }

  private mutating func beginChapters(_ titles: [RecordedPart.Title]) -> Bool {
    var isNews = false
    for title in titles where title.text != current!.title {
      current!.title = title.text
      if current!.recording.begin(title.text, at: current!.milliseconds(at: title.start)) { isNews = true }
    }
    return isNews
  }

  private func stretch(of part: RecordedPart, _ offset: Int) -> Int {
    let local = part.middle.microseconds + offset * 1_000_000
    return local >= 0 ? local / length : (local + 1) / length - 1
  }

  /// Whether no part of the stretch comes before this one. At the end of summer time, an hour begins twice.
  private func beginsStretch(_ part: RecordedPart, _ offset: Int) -> Bool {
    let local = part.middle.microseconds + offset * 1_000_000
    return local - stretch(of: part, offset) * length < part.samples * 1_000_000 / part.sampleRate
  }
}
