import Audio
import Synchronization
import System
import Testing

@Suite struct GuardedSourceTests {
  /// Hands out what it is given, a hundredth of a second a block.
  private struct Script: Source {
    let format = PCMFormat(sampleRate: 48_000, channels: 1)
    let summary = "script"
    var blocks: ArraySlice<(Int32, Reading)>

    mutating func read(into block: inout [Int32], stop: StopSignal) throws(SourceError) -> Reading {
      guard let (value, reading) = blocks.popFirst() else { return .end }
      block = [Int32](repeating: value, count: 480)
      return reading
    }
  }

  /// Counts its samples from 1.
  private struct Count: Fallback {
    var next: Int32 = 1

    mutating func begin() { next = 1 }

    mutating func fill(_ block: inout [Int32]) {
      for index in block.indices {
        block[index] = next
        next += 1
      }
    }
  }

  private final class Heard: Sendable {
    let events = Mutex<[SourceEvent]>([])
  }

  /// The last sample of each block that comes out.
  private func ends(
    _ blocks: [(Int32, Reading)], fallback: (any Fallback)? = Count(), alarm: Duration? = nil,
    replacesSilence: Bool = false
  ) throws -> (ends: [Int32], events: [SourceEvent]) {
    let heard = Heard()
    var source = GuardedSource(
      Script(blocks: blocks[...]), fallback: fallback, silenceAlarm: alarm, replacesSilence: replacesSilence
    ) { event in heard.events.withLock { $0.append(event) } }
    var (block, ends): ([Int32], [Int32]) = ([], [])
    while try source.read(into: &block, stop: StopSignal()) != .end { ends.append(block.last!) }
    return (ends, heard.events.withLock { $0 })
  }

  private let sound: Int32 = 1 << 28

  @Test func `where the source fills, the fallback is heard from its beginning, and then the source again`() throws {
    let blocks: [(Int32, Reading)] = [
      (sound, .sound), (0, .filling), (0, .filling), (sound, .sound), (0, .filling), (sound, .sound),
    ]
    #expect(try ends(blocks).ends == [sound, 480, 960, sound, 480, sound])
    #expect(try ends(blocks, fallback: nil).ends == [sound, 0, 0, sound, 0, sound])
  }

  @Test func `before the first sound another fallback is heard, and never again`() throws {
    let blocks: [(Int32, Reading)] = [(0, .filling), (sound, .sound), (0, .filling)]
    var source = GuardedSource(
      Script(blocks: blocks[...]), fallback: nil, opening: Count(), silenceAlarm: nil, replacesSilence: false
    ) { _ in }
    var (block, ends): ([Int32], [Int32]) = ([], [])
    while try source.read(into: &block, stop: StopSignal()) != .end { ends.append(block.last!) }
    #expect(ends == [480, sound, 0])
  }

  @Test func `sound sets in softly after a switch, and is untouched otherwise`() throws {
    var source = GuardedSource(
      Script(blocks: [(sound, .sound), (0, .filling), (sound, .sound)]), fallback: Count(), silenceAlarm: nil,
      replacesSilence: false
    ) { _ in }
    var block: [Int32] = []
    _ = try source.read(into: &block, stop: StopSignal())
    #expect(block == [Int32](repeating: sound, count: 480))
    _ = try source.read(into: &block, stop: StopSignal())
    _ = try source.read(into: &block, stop: StopSignal())
    #expect(block[0] == 0 && block[120] == sound / 2 && block[240] == sound)
    #expect(zip(block, block.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func `a silent source raises the alarm, and the fallback is heard only where that is wanted`() throws {
    let silence = [(Int32, Reading)](repeating: (0, .sound), count: 150)
    let back = [(Int32, Reading)](repeating: (sound, .sound), count: 60)
    let kept = try ends(silence + back, alarm: .seconds(1))
    #expect(kept.events == [.silence(for: .seconds(1)), .soundBack])
    #expect(kept.ends == silence.map(\.0) + back.map(\.0))
    let replaced = try ends(silence + back, alarm: .seconds(1), replacesSilence: true)
    #expect(replaced.events == [.silence(for: .seconds(1)), .soundBack])
    #expect(replaced.ends[..<99].allSatisfy { $0 == 0 })
    #expect(Array(replaced.ends[99..<198]) == (1...99).map { $0 * 480 })
    #expect(replaced.ends[199...].allSatisfy { $0 == sound })
  }

  @Test func `the silence of a source that has failed is not the sound's`() throws {
    let gone = [(Int32, Reading)](repeating: (0, .filling), count: 500)
    #expect(try ends(gone, alarm: .seconds(1)).events.isEmpty)
  }
}
