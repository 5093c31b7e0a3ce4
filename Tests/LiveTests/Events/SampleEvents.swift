import Core

@testable import Live

/// The events of `docs/webhooks.md`.
enum SampleEvents {
  static let all: [StationEvent] = [
    event(.started(version: "0.1.0", streams: [.live, hall]), of: nil),
    event(.stopped(uptime: .milliseconds(93_784_250)), of: nil), sourceLost,
    event(.sourceBack(after: .milliseconds(12_500))), event(.silenceBegan(length: .seconds(20))),
    event(.silenceEnded(after: .milliseconds(300_040))), event(.fallbackBegan),
    event(.fallbackEnded(after: .milliseconds(12_500))),
    event(.sourceClientConnected(user: "anna", program: "butt 0.1.40", format: "MP3")),
    event(.sourceClientGone(user: "anna", reason: "has ended its sound")),
    event(.diskFailed(reason: "sound/live/9.mp3: No space left on device (write)")),
    event(.diskRecovered(after: .milliseconds(605_100))),
    event(.recordingFailed(reason: "recordings/a.mp3: No space left on device (pwrite)")),
    event(.recordingRecovered(after: .milliseconds(605_100))),
    event(
      .listenerRecord(
        ListenerRecord.Day(date: "2026-11-29", listeners: 12, time: WallTime("2026-11-29T19:03:20.000Z")!)), of: nil),
  ]

  static let sourceLost = event(.sourceLost(reason: "it has given nothing for 500 ms"))

  static func event(_ kind: StationEvent.Kind, of stream: StreamName? = .live) -> StationEvent {
    StationEvent(kind: kind, stream: stream, time: WallTime("2026-11-30T20:14:00.000Z")!, id: "71104fcf0a845ef7")
  }

  private static let hall = try! StreamName("hall")
}
