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
      fail(error, status: 2, Log(Configuration()))
    }
    switch options {
    case .help: print(Help.text, terminator: "")
    case .version: print("ringcast \(Configuration.version)")
    case .listDevices: print(DeviceList.text, terminator: "")
    case .checked: break
    case .manual: print(Manual.text, terminator: "")
    case .completion: print(Completion.text, terminator: "")
    case .run(let configuration): run(configuration)
    }
  }

  private static func run(_ configuration: Configuration) {
    User.renouncePrivileges()
    DescriptorLimit.raise()
    let signals = Signals(isReloadable: configuration.isReloadable || ServiceManager.isThere)
    let log = Log(configuration)
    let station: Station
    do {
      let user = try configuration.user.map { try User($0) }
      station = try Station(
        configuration, log: log, onBound: { try user?.become() },
        onEnd: { if configuration.exitsAtEnd { Signals.stop() } })
    } catch let conflict as Configuration.Conflict {
      fail(conflict, status: 2, log)
    } catch let mistake as User.Mistake {
      fail(mistake, status: 2, log)
    } catch {
      fail(error, status: 1, log)
    }
    ServiceManager.tell(.ready)
    serve(station, until: signals)
    ServiceManager.tell(.stopping)
    station.stop()
    exit(0)
  }

  /// Returns when it is time to stop. The service manager gets a sign of life only when the stream has moved on.
  private static func serve(_ station: Station, until signals: Signals) {
    let interval = min(ServiceManager.patience.map { $0 / 3 } ?? .max, Station.interval * 1_000_000_000)
    var progress: Int?
    while true {
      station.look()
      switch signals.wait(nanoseconds: interval) {
      case .stop: return
      case .reload: station.reload()
      case .none:
        let before = progress
        progress = station.progress
        if progress == nil || progress != before { ServiceManager.tell(.alive) }
      }
    }
  }

  private static func fail(_ error: any Error, status: Int32, _ log: Log) -> Never {
    log.fatal("\(error)")
    exit(status)
  }
}
