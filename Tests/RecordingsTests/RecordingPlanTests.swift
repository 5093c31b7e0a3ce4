import Core
import Recordings
import Testing

@Suite struct RecordingPlanTests {
  private static let rate = 48_000
  /// 12 MP3 frames.
  private static let partSamples = 12 * 1152

  private var plan = RecordingPlan(stream: "live", length: 3600)
  private var files: [(name: String, bytes: [UInt8])] = []
  private var finished: [Recording] = []
  private var descriptions: [Recording] = []

  /// Bytes by which a part is told from the others.
  private static func bytes(of part: Int) -> [UInt8] { [UInt8(part & 0xFF), UInt8(part >> 8 & 0xFF)] }

  /// Takes the parts of a run, and does what a disk does.
  private mutating func record(
    _ numbers: Range<Int>, from date: WallTime, offset: Int = 0, titles: (Int) -> [RecordedPart.Title] = { _ in [] }
  ) {
    for number in numbers {
      let start = number * Self.partSamples
      let part = RecordedPart(
        bytes: Self.bytes(of: number), start: start, samples: Self.partSamples,
        sampleRate: Self.rate, date: date.advanced(samples: start, rate: Self.rate), titles: titles(number))
      perform(plan.take(part, offset: offset))
    }
  }

  private mutating func perform(_ actions: [RecordingPlan.Action]) {
    for action in actions {
      switch action {
      case .begin(let recording): files.append((recording.name.text, []))
      case .append(let bytes): files[files.count - 1].bytes += bytes
      case .describe(let recording): descriptions.append(recording)
      case .finish(let recording): finished.append(recording)
      }
    }
  }

  private static func time(_ text: String) -> WallTime { WallTime(text)! }

  @Test mutating func `three hours in files are the frames of the stream in their order`() {
    record(0..<37_500, from: Self.time("2026-11-30T12:30:00.000Z"))
    perform(plan.end())
    #expect(
      files.map(\.name) == [
        "live-2026-11-30T12-30-00+0000.mp3", "live-2026-11-30T13-00-00+0000.mp3", "live-2026-11-30T14-00-00+0000.mp3",
        "live-2026-11-30T15-00-00+0000.mp3",
      ])
    let bytes: [UInt8] = (0..<37_500).flatMap { Self.bytes(of: $0) }
    #expect(files.flatMap(\.bytes) == bytes)
    #expect(finished.map(\.name.text) == files.map(\.name))
    let milliseconds = finished.reduce(0) { $0 + $1.milliseconds }
    #expect(milliseconds == 10_800_000)
  }

  @Test(arguments: [(100, 1), (144, 1), (145, 2), (200, 2)])
  mutating func `a cut is at the border nearest to the hour`(millisecondsBefore: Int, part: Int) {
    // The second part begins that many milliseconds before the hour.
    let hour = Self.time("2026-11-30T13:00:00.000Z")
    let date = WallTime(microseconds: hour.microseconds - (288 + millisecondsBefore) * 1000)
    record(0..<3, from: date)
    #expect(files.count == 2)
    #expect(files[0].bytes.count == part * 2)
    #expect(files[1].name == "live-2026-11-30T13-00-00+0000.mp3")
  }

  @Test mutating func `the hour is that of the local clock`() {
    record(0..<2, from: Self.time("2026-11-30T08:29:59.712Z"), offset: 5 * 3600 + 1800)
    #expect(files.map(\.name) == ["live-2026-11-30T14-00-00+0530.mp3", "live-2026-11-30T14-00-00+0530.mp3"])
    #expect(finished.count == 1)
  }

  @Test mutating func `sound that was lost ends the file`() {
    let date = Self.time("2026-11-30T12:00:00.000Z")
    record(0..<10, from: date)
    record(20..<30, from: date)
    #expect(files.map(\.bytes.count) == [20, 20])
    #expect(finished.map(\.milliseconds) == [2880])
  }

  @Test mutating func `dates that leap within the hour do not cut the sound`() {
    record(0..<10, from: Self.time("2026-11-30T12:00:00.000Z"))
    record(10..<20, from: Self.time("2026-11-30T12:20:00.000Z"))
    #expect(files.count == 1)
  }

  @Test mutating func `each title is a chapter from its first sample`() {
    record(0..<4, from: Self.time("2026-11-30T12:00:00.000Z")) { number in
      let start = number * Self.partSamples
      return switch number {
      case 0: [.init(start: start, text: nil)]
      case 1: [.init(start: start, text: nil), .init(start: start + 4800, text: "One")]
      case 2: [.init(start: start, text: "One"), .init(start: start + 9600, text: "Two")]
      default: [.init(start: start, text: "Two"), .init(start: start + 4800, text: nil)]
      }
    }
    perform(plan.end())
    #expect(descriptions.count == 3)
    #expect(finished[0].titled.map(\.title) == ["One", "Two"])
    #expect(finished[0].titled.map(\.start) == [388, 776])
    #expect(finished[0].titled.map(\.end) == [776, 964])
  }

  @Test mutating func `a title that goes on is the first chapter of the next file`() {
    record(0..<4, from: Self.time("2026-11-30T12:59:59.424Z")) { [.init(start: $0 * Self.partSamples, text: "Long")] }
    perform(plan.end())
    #expect(finished.map { $0.titled.map(\.start) } == [[0], [0]])
    #expect(descriptions.isEmpty)
  }

  @Test mutating func `titles that fill the tag are left out`() {
    let titles = (0..<400).map { String(repeating: "ü", count: 200) + "\($0)" }
    record(0..<400, from: Self.time("2026-11-30T12:00:00.000Z")) {
      [.init(start: $0 * Self.partSamples, text: titles[$0])]
    }
    perform(plan.end())
    let chapters = finished[0].titled
    #expect((100...255).contains(chapters.count))
    #expect(ID3Tag(finished[0], isFinished: true).bytes.count == ID3Tag.length)
  }

  @Test mutating func `the frames come last`() {
    let date = Self.time("2026-11-30T12:59:59.712Z")
    record(0..<1, from: date)
    let part = RecordedPart(
      bytes: [7], start: Self.partSamples, samples: Self.partSamples, sampleRate: Self.rate,
      date: Self.time("2026-11-30T13:00:00.000Z"), titles: [.init(start: Self.partSamples, text: "One")])
    let actions = plan.take(part, offset: 0)
    #expect(actions.count == 3)
    #expect(actions.last == .append([7]))
  }

  @Test mutating func `a mark is a chapter up to the next title, and the title does not begin anew after the mark`() {
    let date = Self.time("2026-11-30T12:00:00.000Z")
    record(0..<2, from: date) { [.init(start: $0 * Self.partSamples, text: "One")] }
    perform(plan.mark("Here it was good"))
    record(2..<4, from: date) { [.init(start: $0 * Self.partSamples, text: "One")] }
    record(4..<5, from: date) { [.init(start: $0 * Self.partSamples, text: "Two")] }
    perform(plan.end())
    #expect(finished[0].titled.map(\.title) == ["One", "Here it was good", "Two"])
    #expect(finished[0].titled.map(\.start) == [0, 576, 1152])
  }

  @Test mutating func `two marks with the same text are two chapters`() {
    let date = Self.time("2026-11-30T12:00:00.000Z")
    record(0..<2, from: date)
    perform(plan.mark("Mark"))
    record(2..<4, from: date)
    perform(plan.mark("Mark"))
    record(4..<5, from: date)
    perform(plan.end())
    #expect(finished[0].titled.map(\.title) == ["Mark", "Mark"])
    #expect(finished[0].titled.map(\.start) == [576, 1152])
  }

  @Test(arguments: [3600, 7200])
  mutating func `the hour that comes twice at the end of summer time is two files`(length: Int) {
    plan = RecordingPlan(stream: "live", length: length)
    let date = Self.time("2026-10-25T00:59:59.424Z")
    record(0..<2, from: date, offset: 7200)
    record(2..<4, from: date, offset: 3600)
    #expect(files.map(\.name) == ["live-2026-10-25T02-59-59+0200.mp3", "live-2026-10-25T02-00-00+0100.mp3"])
    #expect(finished.map(\.milliseconds) == [576])
  }

  @Test mutating func `the end of summer time does not cut the recording of a day`() {
    plan = RecordingPlan(stream: "live", length: 86_400)
    let date = Self.time("2026-10-25T00:59:59.424Z")
    record(0..<2, from: date, offset: 7200)
    record(2..<100, from: date, offset: 3600)
    #expect(files.count == 1)
  }

  @Test mutating func `a recording that is stopped by hand goes on in a new file`() {
    let date = Self.time("2026-11-30T12:00:00.000Z")
    record(0..<2, from: date)
    perform(plan.turn(on: false))
    record(2..<20, from: date)
    #expect(plan.mark("Nothing is recorded").isEmpty)
    perform(plan.turn(on: true))
    record(20..<24, from: date)
    #expect(files.map(\.bytes.count) == [4, 8])
    #expect(finished.map(\.milliseconds) == [576])
    #expect(files[1].name == "live-2026-11-30T12-00-06+0000.mp3")
  }
}
