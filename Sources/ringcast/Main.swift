import CommandLineInterface
import Glibc
import Live
import Logging

@main
enum Main {
  static func main() {
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
    case .run(let settings): run(settings)
    }
  }

  private static func run(_ settings: StationSettings) {
    FileRights.keepFromOthers()
    User.renouncePrivileges()
    DescriptorLimit.raise()
    let signals = Signals(isReloadable: settings.isReloadable || ServiceManager.isThere)
    let log = Log(settings.logging)
    let station: Station
    do {
      let user = try settings.user.map { try User($0) }
      station = try Station(
        settings, log: log, onBound: { try user?.become() }, onEnd: { if settings.exitsAtEnd { Signals.stop() } })
    } catch let invalid as InvalidInput {
      fail(invalid.asTyped, status: 2, log)
    } catch {
      fail("\(error)", status: 1, log)
    }
    ServiceManager.tell(.ready)
    serve(station, until: signals)
    ServiceManager.tell(.stopping)
    station.stop()
    exit(0)
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
