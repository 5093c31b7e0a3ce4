import Audio
import HLS
import Synchronization
import System
import Testing

@testable import Live

@Suite struct FollowedSoundTests {
  private static let format = PCMFormat(sampleRate: 48_000, channels: 2)

  private final class Place: SoundPlace {
    let queue = Mutex<SoundQueue?>(nil)
    let reason = Mutex<String?>(nil)

    var sound: SoundQueue? { queue.withLock { $0 } }
    var trouble: String? { reason.withLock { $0 } }
  }

  private func tick(value: Int32 = 1 << 28) -> [Int32] { [Int32](repeating: value, count: 960) }

  /// Plays ticks; before each one, a tick of sound comes where there is a queue.
  private func play(
    _ ticks: Int, _ followed: inout FollowedSound, _ queue: SoundQueue?
  ) -> (sounding: [Bool], events: [FollowedSound.Event]) {
    var (sounding, events): ([Bool], [FollowedSound.Event]) = ([], [])
    for _ in 0..<ticks {
      queue?.offer(tick())
      var block: [Int32] = []
      sounding.append(followed.tick(into: &block, events: &events))
      #expect(block.count == 960)
    }
    return (sounding, events)
  }

  @Test func `a place that has sound soon is never lost`() {
    let place = Place()
    var followed = FollowedSound(place, format: Self.format)
    #expect(play(50, &followed, nil).events.isEmpty)
    let queue = SoundQueue(format: Self.format)
    place.queue.withLock { $0 = queue }
    let (sounding, events) = play(100, &followed, queue)
    #expect(sounding.last == true && events.isEmpty)
  }

  @Test func `a reason at the start is told after a second`() {
    let place = Place()
    place.reason.withLock { $0 = "refused" }
    var followed = FollowedSound(place, format: Self.format)
    #expect(play(99, &followed, nil).events.isEmpty)
    #expect(play(1, &followed, nil).events == [.lost(reason: "refused")])
    place.reason.withLock { $0 = "not found" }
    #expect(play(5, &followed, nil).events == [.stillLost(reason: "not found")])
  }

  @Test func `a sound that ends is lost at once, with its reason, its title goes, and sound that comes again is back`()
  {
    let place = Place()
    let queue = SoundQueue(format: Self.format)
    place.queue.withLock { $0 = queue }
    queue.begin(SoundTitle(title: "Song"))
    var followed = FollowedSound(place, format: Self.format)
    #expect(play(100, &followed, queue).events == [.title(SoundTitle(title: "Song"))])
    place.reason.withLock { $0 = "it has ended" }
    queue.end()
    let end = play(200, &followed, nil)
    #expect(end.events == [.lost(reason: "it has ended"), .title(SoundTitle(title: nil))])
    #expect(end.sounding.last == false)
    let next = SoundQueue(format: Self.format)
    place.queue.withLock { $0 = next }
    let events = play(100, &followed, next).events
    #expect(events.count == 1)
    guard case .back(let frames)? = events.first else { return #expect(Bool(false)) }
    #expect(frames > 100 * 480)
  }

  @Test func `a sound that stops without an end hangs after half a second`() {
    let place = Place()
    let queue = SoundQueue(format: Self.format)
    place.queue.withLock { $0 = queue }
    var followed = FollowedSound(place, format: Self.format)
    _ = play(100, &followed, queue)
    let (sounding, events) = play(150, &followed, nil)
    #expect(events == [.hangs(for: .milliseconds(500))])
    #expect(sounding.first == true && sounding.last == false)
  }

  @Test func `a sound that goes on counts as sound from the first tick on, unless nothing comes`() {
    let place = Place()
    let queue = SoundQueue(format: Self.format)
    place.queue.withLock { $0 = queue }
    var followed = FollowedSound(place, format: Self.format)
    followed.goOn()
    let (sounding, events) = play(100, &followed, queue)
    #expect(sounding.allSatisfy { $0 } && events.isEmpty)
    place.queue.withLock { $0 = SoundQueue(format: Self.format) }
    var other = FollowedSound(place, format: Self.format)
    other.goOn()
    #expect(play(100, &other, nil).events == [.hangs(for: .milliseconds(500))])
  }

  // Taps

  @Test func `a tap gives the sound and the title of a stream, and no sound while the stream has none`()
    throws
  {
    let tap = StreamTap(.live)
    let place = tap.place(in: Self.format)
    #expect(place.sound == nil)
    #expect(place.trouble == "there is no stream live")
    tap.play(NowPlaying(mending: "Song", artist: nil))
    tap.put([Int32](repeating: 5, count: 960), Self.format, hasSound: true)
    let sound = try #require(place.sound)
    var block: [Int32] = []
    sound.take(frames: 480, into: &block)
    #expect(block == [Int32](repeating: 5, count: 960))
    #expect(sound.takeTitle() == SoundTitle(title: "Song"))
    tap.put([Int32](repeating: 0, count: 960), Self.format, hasSound: false)
    #expect(sound.look.isOver)
    #expect(place.trouble == "the stream live has no sound")
    tap.put([Int32](repeating: 6, count: 480), PCMFormat(sampleRate: 48_000, channels: 1), hasSound: true)
    #expect(place.sound !== sound)
    tap.end()
    #expect(place.trouble == "there is no stream live")
  }

  @Test func `a tap with a reader that takes nothing keeps the newest two seconds`() throws {
    let tap = StreamTap(.live)
    let place = tap.place(in: Self.format)
    for value in 0..<300 { tap.put(tick(value: Int32(value)), Self.format, hasSound: true) }
    let sound = try #require(place.sound)
    #expect(sound.look.frames == 96_000)
    var block: [Int32] = []
    sound.take(frames: 480, into: &block)
    #expect(block.first == 100)
  }

  // The fallback

  @Test func `a fallback that is not heard goes by, and its title is told when it is heard`() {
    let place = Place()
    let queue = SoundQueue(format: Self.format)
    place.queue.withLock { $0 = queue }
    queue.begin(SoundTitle(title: "Song"))
    let told = Told()
    var fallback = FollowedFallback(place, named: "stream:b", format: Self.format) { event in
      told.events.withLock { $0.append(event) }
    }
    for _ in 0..<100 {
      queue.offer(tick())
      _ = fallback.isReady(samples: 960)
      fallback.pass(samples: 960)
    }
    let isReady = fallback.isReady(samples: 960)
    #expect(isReady)
    #expect(told.events.withLock { $0 }.isEmpty)
    #expect(queue.look.frames < 48_000)
    fallback.begin()
    #expect(told.events.withLock { $0 } == [.fallbackTitle(SoundTitle(title: "Song"))])
    var block = [Int32](repeating: 0, count: 960)
    fallback.fill(&block)
    #expect(block.allSatisfy { $0 > 1 << 27 })
  }

  private final class Told: Sendable {
    let events = Mutex<[SourceEvent]>([])
  }
}
