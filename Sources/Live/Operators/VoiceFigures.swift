import Core
import Rooms
import Voice

extension Figures {
  private typealias Talker = VoicesSnapshot.Talker

  /// The voices of the rooms; null in `/status` where the station has no rooms.
  static let voices: [Figure<StationSnapshot>] = [
    Figure("voices", nil) { .json($0.voices.map(\.status) ?? .null) },
    Figure(nil, .counter("ringcast_mixer_late_ticks_total", "Ticks of the mixer that began more than 5 ms late.")) {
      .count($0.voices?.lateTicks)
    },
    Figure(
      nil,
      .counter(
        "ringcast_mixer_skipped_ticks_total", "Ticks of 10 ms that the mixer left out because it was too late.")
    ) { .count($0.voices?.skippedTicks) },
    Figure(nil, .gauge("ringcast_voice_members", "Members of a room who hear its voices or may speak.")) { station in
      .each(
        "room",
        (station.voices?.members ?? [:]).sorted { $0.key.text < $1.key.text }
          .map { (label: $0.key.text, value: Double($0.value)) })
    },
    each(.gauge("ringcast_voice_delay_seconds", "Time from a talker's microphone to the mix.")) { $0.delay.seconds },
    each(.gauge("ringcast_voice_level_dbfs", "Loudness of a talker in the last fifth of a second.")) {
      $0.figures.level
    },
    each(.gauge("ringcast_voice_drift_ppm", "Parts per million by which a talker's clock is faster than the mixer's."))
    {
      $0.figures.drift
    },
    each(.counter("ringcast_voice_underruns_total", "Times that a talker's sound came too late.")) {
      Double($0.figures.underruns)
    },
    each(.counter("ringcast_voice_concealed_total", "Pieces of 10 ms that were made up for missing sound.")) {
      Double($0.figures.concealed)
    },
    each(
      .counter("ringcast_voice_dropped_packets_total", "Packets of a talker that were too old, or too many.")
    ) { Double($0.figures.dropped + $0.lost) },
  ]

  /// A figure of each talker.
  private static func each(
    _ heading: Metric.Heading, _ value: @escaping @Sendable (Talker) -> Double
  ) -> Figure<StationSnapshot> {
    Figure(nil, heading) { station in
      .rows(
        (station.voices?.talkers ?? []).map { talker in
          (labels: ["room": talker.room.text, "member": "\(talker.member.number)"], value: value(talker))
        })
    }
  }
}

extension VoicesSnapshot {
  /// The voices in `/status`.
  fileprivate var status: JSON {
    .object([
      ("lateTicks", .number(lateTicks)), ("skippedTicks", .number(skippedTicks)),
      ("talkers", .array(talkers.map(\.status))),
    ])
  }
}

extension VoicesSnapshot.Talker {
  fileprivate var status: JSON {
    .object([
      ("room", .string(room.text)), ("member", .number(member.number)), ("talking", .bool(figures.isTalking)),
      ("level", .decimal(tenths: figures.level)), ("delay", .number(delay.milliseconds)),
      ("buffer", .number(figures.delay * 1000 / Sound.rate)), ("underruns", .number(figures.underruns)),
      ("concealed", .number(figures.concealed)), ("dropped", .number(figures.dropped + lost)),
      ("drift", .decimal(tenths: figures.drift)),
    ])
  }
}
