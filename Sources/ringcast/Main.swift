import CommandLineInterface
import Glibc
import Live
import Logging
import System

@main
enum Main {
  static func main() {
    StandardStreams.occupy()
    User.renouncePrivileges()
    let signals = Signals()
    let options: Options
    do {
      options = try Options.parse(Array(CommandLine.arguments.dropFirst()), read: ConfigurationFile.text)
    } catch {
      fail(error.asTyped, status: 2, Log(LogSettings()))
    }
    switch options {
    case .help: print(Help.text, terminator: "")
    case .version: print("ringcast \(StationSettings.version)")
    case .listDevices: print(DeviceList.text, terminator: "")
    case .check(let settings): check(settings)
    case .manual: print(Manual.text, terminator: "")
    case .completion: print(Completion.text, terminator: "")
    case .invite(let command, let settings): invite(command, settings)
    case .run(let settings): run(settings, until: signals)
    }
  }

  private static func run(_ settings: StationSettings, until signals: Signals) {
    FileRights.keepFromOthers()
    DescriptorLimit.raise()
    let log = Log(settings.logging)
    signals.beginService(log: log)
    let failure = Failure()
    let station: Station
    do {
      let user = try settings.user.map { try User($0) }
      station = try Station(
        settings, log: log, readSettings: { () throws(InvalidInput) in try read(or: settings) },
        onBound: { try user?.become() },
        onEnd: { end in
          if end == .failed { failure.note() }
          if end == .failed || settings.exitsAtEnd { Signals.stop() }
        })
    } catch let invalid as InvalidInput {
      fail(invalid.asTyped, status: 2, log)
    } catch {
      fail("\(error)", status: 1, log)
    }
    ServiceManager.tell(.ready)
    serve(station, until: signals)
    ServiceManager.tell(.stopping)
    station.stop()
    exit(failure.isNoted ? 1 : 0)
  }

  /// The settings of the same command line, with the configuration file as it is now.
  private static func read(or settings: StationSettings) throws(InvalidInput) -> StationSettings {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard case .run(let read) = try Options.parse(arguments, read: ConfigurationFile.text) else { return settings }
    return read
  }

  /// Opens the things that a start opens, in the same order and with the same rights, and says in one line each what is
  /// wrong. A user who is not root learns whether the user of the settings exists.
  private static func check(_ settings: StationSettings) {
    let log = Log(level: .warning, choice: settings.logging.format)
    var check = StationCheck(settings, log: log)
    check.checkInputs()
    do {
      let user = try settings.user.map { (name) throws(InvalidInput) in try User(lookingUp: name) }
      if geteuid() == 0 { try user?.become() }
    } catch {
      check.add(error)
    }
    check.checkFiles()
    for note in check.notes { log.warning(note) }
    for fault in check.faults { log.fatal(fault) }
    if !check.faults.isEmpty { exit(2) }
  }

  /// Prints the link of an invite.
  private static func invite(_ command: InviteCommand, _ settings: StationSettings) {
    let log = Log(level: .warning, choice: settings.logging.format)
    do {
      print(try command.link(settings, now: .now, log: log))
    } catch {
      fail(error.asTyped, status: 2, log)
    }
  }

  /// Returns when it is time to stop. The service manager gets a sign of life only when every stream has come further.
  private static func serve(_ station: Station, until signals: Signals) {
    let interval = min(ServiceManager.watchdogTimeout.map { $0 / 3 } ?? Station.interval, Station.interval)
    var progress: StationProgress?
    while true {
      station.look()
      switch signals.wait(atMost: interval) {
      case .stop: return
      case .reload: station.reload()
      case .none:
        let now = station.progress
        if now.hasMoved(since: progress) { ServiceManager.tell(.alive) }
        progress = now
      }
    }
  }

  private static func fail(_ message: String, status: Int32, _ log: Log) -> Never {
    log.fatal(message)
    exit(status)
  }
}
