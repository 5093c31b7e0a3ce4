import System
import Testing

@testable import ringcast_bench

@Suite struct CourseTests {
  private func time(_ nanoseconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: nanoseconds) }

  private func course(_ mode: Options.Mode, number: Int = 0, path: String = "/") -> Course {
    var options = Options()
    options.mode = mode
    options.url = URL(address: "127.0.0.1", port: 8080, path: path)
    return Course(options, number: number)
  }

  private func playlist(_ first: Int, _ count: Int, ended: Bool = false) -> MediaPlaylist {
    let segments = (first..<first + count).map { "#EXTINF:2,\nlive/\($0).mp3\n" }.joined()
    let end = ended ? "#EXT-X-ENDLIST\n" : ""
    return MediaPlaylist("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:\(first)\n\(segments)\(end)")!
  }

  private func lowLatency(_ text: String) -> MediaPlaylist {
    MediaPlaylist("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n\(text)")!
  }

  @Test func `plain: three segments, then a reload after a target duration, or half of one where nothing is new`() {
    var course = course(.plain)
    #expect(course.next(now: time(0)) == .playlist(path: "/live.m3u8"))
    let first = playlist(1, 5)
    course.received(first, askedAt: time(100))
    for sequence in 3...5 {
      #expect(course.next(now: time(100)) == .media(path: "/live/\(sequence).mp3"))
      course.receivedMedia()
    }
    #expect(course.next(now: time(200)) == .wait(until: time(2_000_000_100)))
    #expect(course.next(now: time(2_000_000_100)) == .playlist(path: "/live.m3u8"))
    course.received(first, askedAt: time(2_000_000_100))
    #expect(course.next(now: time(2_000_000_200)) == .wait(until: time(3_000_000_100)))
    course.received(playlist(2, 5), askedAt: time(3_000_000_100))
    #expect(course.next(now: time(3_000_000_200)) == .media(path: "/live/6.mp3"))
    #expect(course.lost == 0)
  }

  @Test func `plain: what has left the playlist is lost, and counted`() {
    var course = course(.hls, path: "/radio/live.m3u8")
    course.received(playlist(1, 3), askedAt: time(0))
    course.received(playlist(11, 3), askedAt: time(1))
    #expect(course.next(now: time(1)) == .media(path: "/radio/live/11.mp3"))
    #expect(course.lost == 10)
  }

  @Test func `plain: the end is the end`() {
    var course = course(.plain)
    course.received(playlist(1, 1, ended: true), askedAt: time(0))
    #expect(course.next(now: time(0)) == .media(path: "/live/1.mp3"))
    course.receivedMedia()
    #expect(course.next(now: time(0)) == .ended)
  }

  @Test func `growing: the segment after the last one listed, and the next as soon as it ends`() {
    var course = course(.growing)
    #expect(course.next(now: time(0)) == .playlist(path: "/live.m3u8"))
    course.received(playlist(1, 5), askedAt: time(0))
    #expect(course.next(now: time(0)) == .media(path: "/live/6.mp3"))
    course.receivedMedia()
    #expect(course.next(now: time(0)) == .media(path: "/live/7.mp3"))
  }

  @Test func `growing: each segment is beside those that are listed`() {
    var course = course(.growing, path: "/radio/")
    let text = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:2,\nlive/0123456789ab/7.mp3\n"
    course.received(MediaPlaylist(text)!, askedAt: time(0))
    #expect(course.next(now: time(0)) == .media(path: "/radio/live/0123456789ab/8.mp3"))
  }

  @Test func `low latency: each part once, by a reload that blocks until it is there, into the next segment`() {
    var course = course(.lowLatency)
    #expect(course.next(now: time(0)) == .playlist(path: "/live-ll.m3u8"))
    let part = #"#EXT-X-PART:DURATION=1,URI="live/7.0.mp3""#
    course.received(lowLatency("\(part)\n"), askedAt: time(0))
    #expect(course.next(now: time(0)) == .media(path: "/live/7.0.mp3"))
    course.receivedMedia()
    #expect(course.next(now: time(0)) == .playlist(path: "/live-ll.m3u8?_HLS_msn=7&_HLS_part=1"))
    let next = #"#EXT-X-PART:DURATION=1,URI="live/8.0.mp3""#
    course.received(lowLatency("\(part)\n#EXTINF:1,\nlive/7.mp3\n\(next)\n"), askedAt: time(0))
    #expect(course.next(now: time(0)) == .media(path: "/live/8.0.mp3"))
    #expect(course.lost == 0)
  }

  @Test func `low latency: every second listener asks for the hinted part, and then for the playlist that has it`() {
    var course = course(.lowLatency, number: 1)
    let part = #"#EXT-X-PART:DURATION=1,URI="live/7.0.mp3""#
    let hint = #"#EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/7.1.mp3""#
    course.received(lowLatency("\(part)\n\(hint)\n"), askedAt: time(0))
    #expect(course.next(now: time(0)) == .media(path: "/live/7.0.mp3"))
    course.receivedMedia()
    #expect(course.next(now: time(0)) == .media(path: "/live/7.1.mp3"))
    course.receivedMedia()
    #expect(course.next(now: time(0)) == .playlist(path: "/live-ll.m3u8?_HLS_msn=7&_HLS_part=1"))
  }

  @Test func `low latency: a reload that brings nothing is a loss, not a loop without end`() {
    var course = course(.lowLatency)
    let old = lowLatency(#"#EXT-X-PART:DURATION=1,URI="live/7.0.mp3""#)
    course.received(old, askedAt: time(0))
    _ = course.next(now: time(0))
    course.receivedMedia()
    _ = course.next(now: time(0))
    course.received(old, askedAt: time(0))
    _ = course.next(now: time(0))
    #expect(course.lost == 1)
  }
}
