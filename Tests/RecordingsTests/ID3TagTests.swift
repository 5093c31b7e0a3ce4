import Core
import Recordings
import Testing

@Suite struct ID3TagTests {
  private static let name = RecordingName(
    stream: "live", start: WallTime("2026-11-30T13:00:00.000Z")!, offset: 3600)

  private static func recording(_ chapters: [Recording.Chapter], milliseconds: Int = 60_000) -> Recording {
    Recording(name: name, milliseconds: milliseconds, chapters: chapters)
  }

  @Test func `the tag has one length whatever it holds`() {
    let few = ID3Tag(Self.recording([]), isFinished: false).bytes
    let many = ID3Tag(
      Self.recording((0..<200).map { .init(start: $0 * 100, title: "Title \($0)") }), isFinished: true
    ).bytes
    #expect(few.count == ID3Tag.length)
    #expect(many.count == ID3Tag.length)
    // The header states the length without itself, in seven bits an octet.
    #expect(Array(few[..<10]) == [0x49, 0x44, 0x33, 3, 0, 0, 0, 3, 0x7F, 0x76])
  }

  @Test func `chapters read back with all characters`() throws {
    let chapters: [Recording.Chapter] = [
      .init(start: 0, title: "Plain"), .init(start: 10_000, title: "Grün – 猫 🎧"), .init(start: 20_000, title: nil),
      .init(start: 30_000, title: "“Quoted” \"text\""), .init(start: 50_000, title: nil),
    ]
    let tag = try #require(ID3Reader(ID3Tag(Self.recording(chapters), isFinished: true).bytes))
    #expect(tag.chapters == chapters)
    #expect(tag.milliseconds == 60_000)
    #expect(!tag.isUnfinished)
    #expect(tag.length == ID3Tag.length)
  }

  @Test func `a tag of a file that is written says so`() throws {
    let tag = try #require(ID3Reader(ID3Tag(Self.recording([.init(start: 5, title: "One")]), isFinished: false).bytes))
    #expect(tag.isUnfinished)
    #expect(tag.milliseconds == nil)
    #expect(tag.chapters == [.init(start: 5, title: "One")])
  }

  @Test func `another chapter moves no chapter before`() {
    let one = ID3Tag(Self.recording([.init(start: 0, title: "One")], milliseconds: 500), isFinished: false).bytes
    let two = ID3Tag(
      Self.recording([.init(start: 0, title: "One"), .init(start: 400, title: "Two")], milliseconds: 400),
      isFinished: true
    ).bytes
    let (first, second) = (one.firstRange(of: Array("One".utf8)), two.firstRange(of: Array("One".utf8)))
    #expect(first == second)
  }

  @Test func `a tag that is half old and half new reads up to the break`() throws {
    func bytes(_ count: Int) -> [UInt8] {
      ID3Tag(
        Self.recording((0..<count).map { .init(start: $0 * 100, title: "Title \($0)") }), isFinished: false
      ).bytes
    }
    let (old, new) = (bytes(100), bytes(101))
    for page in stride(from: 4096, to: 16_384, by: 4096) {
      let torn = Array(new[..<page] + old[page...])
      let tag = try #require(ID3Reader(torn))
      #expect(tag.chapters.count >= 40)
      #expect(tag.chapters.prefix(40).map(\.title) == (0..<40).map { "Title \($0)" })
    }
  }

  @Test func `chapters for which there is no room make no tag longer`() throws {
    let many = (0..<400).map { Recording.Chapter(start: $0 * 100, title: "Title \($0)") }
    let long = [Recording.Chapter(start: 0, title: String(repeating: "a", count: 70_000))]
    for chapters in [many, long] {
      let bytes = ID3Tag(Self.recording(chapters), isFinished: true).bytes
      #expect(bytes.count == ID3Tag.length)
      #expect(try #require(ID3Reader(bytes)).chapters.isEmpty)
      let restored = Recording(name: Self.name, milliseconds: 60_000, restoring: chapters)
      #expect(restored.chapters == Array(many.prefix(chapters.count == 1 ? 0 : 255)))
      #expect(ID3Tag(restored, isFinished: true).bytes.count == ID3Tag.length)
    }
  }

  @Test func `bytes that are no tag are none`() {
    #expect(ID3Reader([]) == nil)
    #expect(ID3Reader(Array("ID3".utf8)) == nil)
    #expect(ID3Reader(Array("ID3".utf8) + [3, 0, 0, 0x80, 0, 0, 0]) == nil)
    #expect(ID3Reader(Array("ID3".utf8) + [3, 0, 0, 0x7F, 0, 0, 0]) == nil)
    #expect(ID3Reader([UInt8](repeating: 0xFF, count: 100)) == nil)
  }

  @Test func `damaged tags are read, and written again, without a crash`() {
    let whole = ID3Tag(
      Self.recording([.init(start: 0, title: "Ünö"), .init(start: 9, title: "Two")]), isFinished: true
    ).bytes
    for index in 0..<400 {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] {
        var bytes = Array(whole.prefix(1000))
        bytes[index] = value
        guard let tag = ID3Reader(bytes) else { continue }
        let restored = Recording(
          name: Self.name, milliseconds: tag.milliseconds ?? 60_000, restoring: tag.chapters)
        let again = ID3Reader(ID3Tag(restored, isFinished: true).bytes)
        #expect(again?.chapters.compactMap(\.title) == restored.titled.map(\.title))
      }
    }
  }
}
