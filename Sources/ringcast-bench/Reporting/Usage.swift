import Glibc

/// CPU time in microseconds.
struct Usage {
  /// The time of the watched processes.
  let watched: Int
  /// The time of this process.
  let own: Int
  /// The time of the whole machine, all cores together.
  let machine: Int

  init(_ processes: [ProcessFigures]) {
    self.init(
      watched: processes.reduce(0) { $0 + $1.cpu }, own: ProcessFigures(Int(getpid())).cpu, machine: Self.busy())
  }

  private init(watched: Int, own: Int, machine: Int) {
    self.watched = watched
    self.own = own
    self.machine = machine
  }

  /// The time of all other processes, which disturbed the measurement.
  var others: Int { max(0, machine - watched - own) }

  static func - (left: Usage, right: Usage) -> Usage {
    Usage(
      watched: left.watched - right.watched, own: left.own - right.own, machine: left.machine - right.machine)
  }

  private static func busy() -> Int {
    guard let line = ProcessFigures.read("/proc/stat")?.split(separator: "\n").first else { return 0 }
    // proc(5): cpu user nice system idle iowait irq softirq steal …
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
    guard ticks.count == 8 else { return 0 }
    return ProcessFigures.microseconds(ticks: ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7])
  }
}
