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

  /// Counts its samples from 1. It begins anew when it has been heard.
  private struct Count: Fallback {
    var next: Int32 = 1
    var name = "count"

    mutating func isReady(samples: Int) -> Bool { true }
    mutating func begin() {}

    mutating func fill(_ block: inout [Int32]) {
      for index in block.indices {
        block[index] = next
        next += 1
      }
    }

    mutating func end() { next = 1 }
  }

  /// A constant level that is there from one block to another.
  private struct Level: Fallback {
    let value: Int32
    let blocks: Range<Int>
    var name: String { "level \(value)" }
    var asked = -1

    init(_ value: Int32, _ blocks: Range<Int>) { (self.value, self.blocks) = (value, blocks) }

    mutating func isReady(samples: Int) -> Bool {
      asked += 1
      return blocks.contains(asked)
    }
    mutating func begin() {}
    mutating func fill(_ block: inout [Int32]) {
      for index in block.indices { block[index] = blocks.contains(asked) ? value : 0 }
    }
    mutating func end() {}
  }

  /// A constant level that is there until it has been heard to its end.
  private struct Once: Fallback {
    let value: Int32
    let name = "once"
    var hasEnded = false

    mutating func isReady(samples: Int) -> Bool { !hasEnded }
    mutating func begin() {}
    mutating func fill(_ block: inout [Int32]) { for index in block.indices { block[index] = value } }
    mutating func end() { hasEnded = true }
  }

  /// All that comes out, and the last sample of each block.
  private func play(
    _ blocks: [(Int32, Reading)], _ fallbacks: [any Fallback], opening: (any Fallback)? = nil, alarm: Duration? = nil,
    replacesSilence: Bool = false
  ) throws -> (all: [Int32], ends: [Int32], events: [SourceEvent]) {
    let events = Heard()
    var source = GuardedSource(
      Script(blocks: blocks[...]), fallbacks: fallbacks, opening: opening, silenceAlarm: alarm,
      replacesSilence: replacesSilence
    ) { event in events.list.withLock { $0.append(event) } }
    var (block, all, ends): ([Int32], [Int32], [Int32]) = ([], [], [])
    while try source.read(into: &block, stop: StopSignal()) != .end {
      all += block
      ends.append(block.last!)
    }
    return (all, ends, events.list.withLock { $0 })
  }

  private final class Heard: Sendable {
    let list = Mutex<[SourceEvent]>([])
  }

  private func times(_ count: Int, _ value: Int32, _ reading: Reading) -> [(Int32, Reading)] {
    [(Int32, Reading)](repeating: (value, reading), count: count)
  }

  private let sound: Int32 = 1 << 28

  @Test func `a source that fails is replaced at once, and is heard again when it has been back for a second`() throws {
    let blocks = times(10, sound, .sound) + times(20, 0, .filling) + times(150, sound, .sound) + times(20, 0, .filling)
    let (_, ends, events) = try play(blocks, [Count()])
    #expect(ends[..<10].allSatisfy { $0 == sound })
    // Five blocks of fade, at both ends.
    #expect(Array(ends[15..<130]) == (6...120).map { $0 * 480 })
    #expect(ends[135..<180].allSatisfy { $0 == sound })
    #expect(Array(ends[185...]) == (6...20).map { $0 * 480 })
    let toCount = SourceEvent.fallback(name: "count", silent: [])
    #expect(events == [toCount, .sourceHeard, toCount])
  }

  @Test func `without a fallback, no sample is touched`() throws {
    let blocks = [(sound, .sound), (0, .filling), (sound, .sound)] as [(Int32, Reading)]
    let (all, _, events) = try play(blocks, [])
    #expect(all == blocks.flatMap { [Int32](repeating: $0.0, count: 480) })
    #expect(events.isEmpty)
  }

  @Test func `no switch makes a step in the sound`() throws {
    let blocks = times(10, sound, .sound) + times(30, 0, .filling) + times(150, sound, .sound)
    let (all, _, _) = try play(blocks, [Level(sound / 2, 0..<25), Level(-sound / 4, 0..<1000)])
    #expect(zip(all, all.dropFirst()).allSatisfy { abs($0 - $1) < sound / 1000 })
  }

  @Test func `the first fallback that has sound is heard, and a better one when it has had sound for a second`() throws
  {
    let (best, good) = (Level(2000, 120..<150), Level(1000, 5..<1000))
    let (_, ends, events) = try play(times(300, 0, .filling), [best, good])
    #expect(ends[..<5].allSatisfy { $0 == 0 })
    #expect(ends[10..<150].allSatisfy { $0 == 1000 })
    let (_, later, _) = try play(times(300, 0, .filling), [Level(2000, 50..<200), good])
    #expect(later[10..<150].allSatisfy { $0 == 1000 })
    #expect(later[155..<200].allSatisfy { $0 == 2000 } && later[205...].allSatisfy { $0 == 1000 })
    #expect(events == [.fallback(name: "level 1000", silent: ["level 2000"])])
  }

  @Test func `a better fallback takes over at each place of the chain, and the next best at once where one ends`()
    throws
  {
    let chain = [Level(3000, 50..<200), Level(2000, 20..<1000), Level(1000, 0..<1000)]
    let (_, ends, events) = try play(times(300, 0, .filling), chain)
    #expect(ends[10..<120].allSatisfy { $0 == 1000 } && ends[130..<150].allSatisfy { $0 == 2000 })
    #expect(ends[160..<200].allSatisfy { $0 == 3000 } && ends[205...].allSatisfy { $0 == 2000 })
    let names = events.map { event -> String? in
      if case .fallback(let name, _) = event { return name }
      return nil
    }
    #expect(names == ["level 1000", "level 2000", "level 3000", "level 2000"])
  }

  @Test func `a sound with a clock of its own goes by while it is not heard`() throws {
    /// Each block has the number of its first sample.
    struct Live: Fallback {
      let name = "live"
      var position: Int32 = 0

      mutating func isReady(samples: Int) -> Bool { true }
      mutating func begin() {}
      mutating func end() {}
      mutating func pass(samples: Int) { position += Int32(samples) }
      mutating func fill(_ block: inout [Int32]) {
        for index in block.indices { block[index] = position }
        position += Int32(block.count)
      }
    }
    let blocks = times(20, sound, .sound) + times(20, 0, .filling)
    let (_, ends, _) = try play(blocks, [Level(1000, 0..<30), Live()])
    #expect(ends[25..<30].allSatisfy { $0 == 1000 })
    #expect(Array(ends[35...]) == (35..<40).map { $0 * 480 })
  }

  @Test func `a fallback that is heard again while it fades out goes on, and does not begin anew`() throws {
    // The better one takes over at block 110, and the fade takes five blocks.
    let (_, ends, events) = try play(times(300, 0, .filling), [Level(2000, 10..<113), Once(value: 1000)])
    #expect(ends[10..<110].allSatisfy { $0 == 1000 } && ends[112] > 1000 && ends[120...].allSatisfy { $0 == 1000 })
    let toOnce = SourceEvent.fallback(name: "once", silent: ["level 2000"])
    #expect(events == [toOnce, .fallback(name: "level 2000", silent: []), toOnce])
  }

  @Test func `a fallback that breaks off while it fades out makes no step in the sound`() throws {
    let fallbacks = [Level(-sound / 4, 10..<1000), Level(sound / 2, 0..<113)]
    let (all, ends, _) = try play(times(300, 0, .filling), fallbacks)
    #expect(ends[10..<110].allSatisfy { $0 == sound / 2 } && ends[120...].allSatisfy { $0 == -sound / 4 })
    #expect(zip(all, all.dropFirst()).allSatisfy { abs($0 - $1) < sound / 1000 })
  }

  @Test func `where no fallback has sound either, it is silence with a word`() throws {
    let (_, ends, events) = try play(times(5, sound, .sound) + times(40, 0, .filling), [Level(1000, 0..<20)])
    #expect(ends[10..<20].allSatisfy { $0 == 1000 } && ends[25...].allSatisfy { $0 == 0 })
    #expect(events == [.fallback(name: "level 1000", silent: []), .fallback(name: nil, silent: ["level 1000"])])
  }

  @Test func `that no fallback has sound when the source fails is told once, after a second`() throws {
    let failing = times(5, sound, .sound) + times(99, 0, .filling)
    let nothing = Level(1000, 500..<600)
    #expect(try play(failing, [nothing]).events.isEmpty)
    let told = SourceEvent.fallback(name: nil, silent: ["level 1000"])
    #expect(try play(failing + times(200, 0, .filling), [nothing]).events == [told])
    // Told again of the next failure.
    #expect(
      try play(failing + times(1, 0, .filling) + failing + times(1, 0, .filling), [nothing]).events == [told, told])
  }

  @Test func `before the first sound another fallback is heard, and never again`() throws {
    let blocks = times(10, 0, .filling) + times(10, sound, .sound) + times(10, 0, .filling)
    let (_, ends, _) = try play(blocks, [], opening: Count())
    #expect(Array(ends[5..<10]) == (6...10).map { $0 * 480 })
    #expect(ends[15..<20].allSatisfy { $0 == sound } && ends[20...].allSatisfy { $0 == 0 })
  }

  @Test func `a silent source raises the alarm, and the fallback is heard only where that is wanted`() throws {
    let silence = times(150, 0, .sound)
    let back = times(200, sound, .sound)
    let kept = try play(silence + back, [Count()], alarm: .seconds(1))
    #expect(kept.events == [.silence(for: .seconds(1)), .soundBack])
    #expect(kept.ends == (silence + back).map(\.0))
    let replaced = try play(silence + back, [Count()], alarm: .seconds(1), replacesSilence: true)
    #expect(
      replaced.events == [
        .silence(for: .seconds(1)), .fallback(name: "count", silent: []), .soundBack, .sourceHeard,
      ])
    #expect(replaced.ends[..<99].allSatisfy { $0 == 0 })
    #expect(Array(replaced.ends[104..<200]) == (6...101).map { $0 * 480 })
    #expect(replaced.ends[310...].allSatisfy { $0 == sound })
  }

  @Test func `the silence of a source that has failed is not the sound's`() throws {
    #expect(try play(times(500, 0, .filling), [], alarm: .seconds(1)).events.isEmpty)
  }
}
